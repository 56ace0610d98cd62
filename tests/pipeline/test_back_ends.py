"""The whole road over a real S3 server and a real PostgreSQL server, by settings alone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import Outcome, run_sohoa
from postgres_server import PostgresServer
from servers import S3Server, s3_server

pytestmark = pytest.mark.tools


@pytest.fixture(scope="module")
def servers() -> Iterator[tuple[S3Server, PostgresServer]]:
    postgres = PostgresServer()
    postgres.start()
    try:
        with s3_server() as s3:
            yield s3, postgres
    finally:
        postgres.stop()
        postgres.remove()


def test_papers_live_in_a_bucket_and_an_index_on_a_server(
    servers: tuple[S3Server, PostgresServer], samples: Path, home: Path, tmp_path: Path
) -> None:
    s3, postgres = servers
    postgres.run("CREATE DATABASE road")
    home.mkdir()
    (home / "sohoa.toml").write_text(
        f'[store]\nurl = "s3://{s3.endpoint}/papers"\nsecure = false\n[database]\nurl = "{postgres.address("road")}"\n',
        "utf-8",
    )
    keys = {"SOHOA_S3_ACCESS_KEY": s3.access_key, "SOHOA_S3_SECRET_KEY": s3.secret_key}

    def run(*arguments: object) -> Outcome:
        outcome = run_sohoa(home, *arguments, "--json", **keys)
        assert outcome.code == 0, outcome.err
        return outcome

    run("init")
    (draft,) = run("digitize", next(samples.glob("*/02-xac-nhan*.pdf"))).objects
    run("review", "approve", draft["draft_id"])
    (done,) = run("certify", "--ready").objects
    (got,) = run("warehouse", "get", done["document_id"], "--out", tmp_path / "out").objects
    before = run("warehouse", "list", "--all").out

    (rebuilt,) = run("reindex").objects

    assert run("verify", got["file"]).objects[0]["verdict"] == "genuine"
    assert (rebuilt["papers"], rebuilt["changed"], rebuilt["gone"]) == (1, [], [])
    assert run("warehouse", "list", "--all").out == before
    assert not (home / "store").exists()
    assert not list(home.glob("*.db"))

    postgres.run("ALTER DATABASE road SET default_transaction_read_only = on")  # as a standby, or a server in trouble
    refused = run_sohoa(home, "warehouse", "list", "--all", "--json", **keys)
    assert run("verify", done["document_id"]).objects[0]["verdict"] == "genuine"
    assert run("log", "verify").objects[0]["holds"]
    assert (refused.code, refused.out, "nhật ký" in refused.err) == (7, "", True)
    (home / "sohoa.toml").write_text(
        (home / "sohoa.toml").read_text("utf-8").replace(s3.endpoint, "127.0.0.1:1"), "utf-8"
    )
    assert run("verify", done["document_id"]).objects[0]["verdict"] == "genuine"  # the index alone answers this


def test_without_the_keys_of_the_bucket_the_user_is_told_which_are_missing(home: Path) -> None:
    home.mkdir()
    (home / "sohoa.toml").write_text('[store]\nurl = "s3://127.0.0.1:9/papers"\n', "utf-8")

    outcome = run_sohoa(home, "init")

    assert outcome.code == 4
    assert "SOHOA_S3_ACCESS_KEY" in outcome.err
