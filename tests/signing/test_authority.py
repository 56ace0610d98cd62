import stat
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from domain.errors import ConfigurationError
from signing.authority import create_demonstration_authority, open_demonstration_authority


def test_a_new_authority_opens_with_keys_that_are_visibly_a_demonstration(tmp_path: Path, now: datetime) -> None:
    create_demonstration_authority(tmp_path / "demo", now=now)
    authority = open_demonstration_authority(tmp_path / "demo", clock=lambda: now)

    assert all("THỬ NGHIỆM" in key.subject for key in (authority.certifier, authority.agency, authority.scanner))
    assert isinstance(authority.seal_key.curve, ec.SECP256R1)
    assert len(authority.crls()) == 2


def test_only_the_owner_can_read_the_keys(tmp_path: Path, now: datetime) -> None:
    create_demonstration_authority(tmp_path / "demo", now=now)

    keys = list((tmp_path / "demo").glob("*.key.pem"))
    assert len(keys) == 7
    assert {stat.S_IMODE(path.stat().st_mode) for path in keys} == {0o600}
    assert stat.S_IMODE((tmp_path / "demo").stat().st_mode) == 0o700


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path, now: datetime) -> None:
    (tmp_path / "note.txt").write_text("mine")

    with pytest.raises(ConfigurationError):
        create_demonstration_authority(tmp_path, now=now)
    assert [path.name for path in tmp_path.iterdir()] == ["note.txt"]


def test_a_failure_in_between_leaves_nothing_behind(
    tmp_path: Path, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def disk_full(path: Path, data: bytes) -> int:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch, pytest.raises(ConfigurationError):
        patch.setattr(Path, "write_bytes", disk_full)
        create_demonstration_authority(tmp_path / "demo", now=now)

    assert list(tmp_path.iterdir()) == []


def test_an_authority_with_a_missing_key_is_not_opened(tmp_path: Path, now: datetime) -> None:
    create_demonstration_authority(tmp_path / "demo", now=now)
    (tmp_path / "demo" / "agency.key.pem").unlink()

    with pytest.raises(ConfigurationError):
        open_demonstration_authority(tmp_path / "demo", clock=lambda: now)


def test_a_list_near_its_end_is_issued_anew_with_a_higher_number(tmp_path: Path, now: datetime) -> None:
    create_demonstration_authority(tmp_path / "demo", now=now)
    later = now + timedelta(days=200)

    lists = open_demonstration_authority(tmp_path / "demo", clock=lambda: later).crls()

    issued = [x509.load_der_x509_crl(data) for data in lists]
    assert all(each.next_update_utc is not None and each.next_update_utc > later for each in issued)
    numbers = [each.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number for each in issued]
    assert numbers == [2, 2]
    assert (tmp_path / "demo" / "root.crl").read_bytes() == lists[0]
