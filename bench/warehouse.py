"""How fast the warehouse finds: generated papers in a real database, queries timed at growing sizes.

    python -m bench.warehouse sqlite:////tmp/bench.db postgresql://USER@/bench --papers 1000000

The rows stay in the database: the next run asks them again at once, or adds to them.
"""

import argparse
import random
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from pathlib import Path

from sqlalchemy import text

from domain.models import Filing, IssueForm, PadesLevel, Record
from domain.vietnamese import fold
from storage.database import Database, Transaction, open_database
from storage.index import IndexEntry, RecordFilter, find_record, list_records, save_records
from storage.migrations import upgrade
from storage.search import SearchQuery, find_similar, search_records
from storage.search_index import build_text_index, drop_text_index
from storage.tables import page_hashes, records, search_documents

FAMILY = "Nguyễn Trần Lê Phạm Hoàng Huỳnh Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý Điểu Thị Kim Lâm"
FAMILY_WEIGHTS = (384, 121, 95, 70, 51, 51, 45, 39, 39, 21, 20, 14, 13, 13, 10, 5, 4, 2, 2, 1)
MIDDLE = "Văn Thị Hữu Đức Minh Ngọc Thanh Quốc Xuân Thu Kim Hồng Đình Công Bảo Gia Anh Tuấn Mỹ Hoài"
GIVEN = (
    "An Anh Ánh Bảo Bình Bích Châu Chi Chung Công Cúc Cường Dung Duy Dũng Đại Đạt Điệp Đông Đức Giang Hà Hải "
    "Hạnh Hằng Hậu Hiền Hiếu Hoa Hòa Hoàng Hồng Huệ Hùng Huy Hương Khang Khánh Khoa Kiên Lan Liên Linh Loan "
    "Long Lộc Lợi Mai Mạnh Minh My Nam Nga Ngân Ngọc Nguyên Nhàn Nhi Nhung Oanh Phát Phong Phú Phúc Phương "
    "Quân Quang Quý Quyên Sơn Tài Tâm Tân Thanh Thành Thảo Thắng Thi Thịnh Thu Thủy Thư Tiến Toàn Trang Trí "
    "Trung Tuấn Tú Tùng Uyên Vân Việt Vinh Vũ Vy Xuân Yên Yến"
)
SYLLABLES = (
    "căn cứ luật quyết định ủy ban nhân dân xã phường tỉnh ngày tháng năm về việc cấp giấy chứng nhận quyền "
    "sử dụng đất thửa bản đồ số diện tích mục đích thời hạn nguồn gốc hộ tịch khai sinh kết hôn xác nhận tình "
    "trạng hôn nhân cư trú nơi đăng ký họ tên giới tính dân tộc quốc tịch quê quán kinh doanh vốn ngành nghề "
    "điều khoản thi hành chánh văn phòng chủ tịch phó giám đốc sở tài nguyên môi trường tư pháp nội vụ trung "
    "tâm phục vụ hành chính công một cửa"
)
ONSETS = "b c ch d đ g gi h kh l m n ng nh ph qu r s t th tr v x"
RIMES = "a ai ao an ang anh ach e em en ên i in inh iên o oi on ong ô ôi ôn ông ơ ơi u ui un ung ư ưng ươn ương y"
KINDS = ("birth_certificate", "marriage_certificate", "marital_status", "land_use_certificate", "decision", "diploma")
START = datetime(2020, 1, 1, tzinfo=UTC)
INTERVAL = 190
"""Seconds from paper to paper."""
DISTINCT = 250_000
"""Papers that are generated one by one; further ones are copies of them."""
SPAN = 1_000_000 * INTERVAL * 1000 * 4096
"""How far a copy stands behind its original in the index."""


@dataclass(frozen=True, slots=True)
class Town:
    """The people of the bench; every paper can be made again from its number."""

    owners: int
    families: tuple[str, ...]
    middles: tuple[str, ...]
    givens: tuple[str, ...]
    words: tuple[str, ...]
    sums: tuple[float, ...]
    """Running sums of the words' frequencies, which are as unequal as in real texts: the n-th is seen 1/n as often."""

    def owner(self, number: int) -> tuple[str, str]:
        """Return the personal number and the name of an owner."""
        chance = random.Random(number * 7919)
        [family] = chance.choices(self.families, FAMILY_WEIGHTS)
        return f"0{number:011d}", f"{family} {chance.choice(self.middles)} {chance.choice(self.givens)}"

    def paper(self, number: int) -> IndexEntry:
        """Return a paper."""
        chance = random.Random(number)
        owner_id, owner_name = self.owner(chance.randrange(self.owners))
        kind = chance.choice(KINDS)
        issued = date(2000, 1, 1) + timedelta(days=chance.randrange(9000))
        unit = f"H19.{chance.randrange(95):02d}"
        record = Record(
            id=paper_id(number),
            draft_id=f"d{number}",
            form=IssueForm.CERTIFIED_COPY,
            filing=Filing(
                owner_id=owner_id,
                owner_name=owner_name,
                dossier=f"{unit}-{number // 3}",
                procedure=f"2.{chance.randrange(1800):06d}",
                unit=unit,
            ),
            kind=kind,
            title=f"{kind} {chance.choice(self.words)}",
            fields={
                "number": f"{chance.randrange(1, 4000)}/{issued.year}",
                "issue_date": issued.isoformat(),
                "issuer": f"Ủy ban nhân dân xã số {chance.randrange(95)}",
                "holder_name": owner_name,
                "residence": f"thôn {chance.choice(self.words)}, xã {chance.choice(self.words)}",
            },
            page_count=2,
            register_number=f"{number}/2026-SCTĐT/BS",
            certified_at=START + timedelta(seconds=number * INTERVAL),
            certifier="Trần Thị Bình",
            agency="Ủy ban nhân dân xã",
            level=PadesLevel.B_LTA,
            sha256=f"{number:064x}",
            size=250_000,
            content_sha256=f"{number:064x}",
            seal="A" * 250,
            url=f"https://example.vn/v/{paper_id(number)}",
            status_index=number,
        )
        written = " ".join(chance.choices(self.words, cum_weights=self.sums, k=70))
        hashes = (chance.getrandbits(64), chance.getrandbits(64))
        return IndexEntry(record=record, text=written, page_hashes=hashes, source_sha256=f"{number:064x}")


def paper_id(number: int) -> str:
    """Return a document identifier that looks random and belongs to the number."""
    alphabet = "0123456789abcdefghjkmnpqrstvwxyz"
    bits = random.Random(number ^ 0x5EED).getrandbits(80)
    return "".join(alphabet[bits >> 5 * place & 31] for place in range(16))


def make_town(owners: int) -> Town:
    """Return the bench's people and their vocabulary of about 1,000 syllables."""
    rest = [onset + rime for onset in ONSETS.split() for rime in RIMES.split()]
    random.Random(1).shuffle(rest)
    words = tuple(dict.fromkeys([*SYLLABLES.split(), *rest]))
    sums = tuple(accumulate(1 / rank for rank in range(1, len(words) + 1)))
    return Town(owners, tuple(FAMILY.split()), tuple(MIDDLE.split()), tuple(GIVEN.split()), words, sums)


def fill(database: Database, town: Town, first: int, last: int) -> float:
    """Put the papers from `first` up to, without, `last` into the index; return the seconds it took."""
    began = time.perf_counter()
    with database.transaction() as transaction:
        drop_text_index(transaction)
    for start in range(first, last, 10_000):
        end = min(start + 10_000, last)
        with database.transaction() as transaction:
            if start < DISTINCT:
                save_records(transaction, (town.paper(number) for number in range(start, end)))
            else:
                copy_papers(transaction, start, end)
    with database.transaction() as transaction:
        build_text_index(transaction)
    collect_statistics(database)
    return time.perf_counter() - began


def collect_statistics(database: Database) -> None:
    """Let the database count how its values are spread, as its administrator or its own service does."""
    if database.engine.dialect.name == "postgresql":
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))
    else:
        with database.transaction() as transaction:
            transaction.execute(text("ANALYZE"))


def copy_papers(transaction: Transaction, first: int, last: int) -> None:
    """Put papers in as copies of the first ones, of the same owners, later by some years, with their own identifiers.

    Words, names and numbers keep their frequencies, so the lists that a search goes through grow as they would.
    """
    turn, number = divmod(first, DISTINCT)  # the letter u is in no identifier: a copy's never meets an original's
    later = f"+{turn} * {SPAN}"
    seconds = SPAN // 4096 // 1000
    span = {"low": place(number), "high": place(number + last - first)}
    sqlite = transaction.dialect.name == "sqlite"
    moved = {
        "seq": f"seq {later}",
        "id": f"substr(id, 1, 14) || 'u{turn}'",
        "draft_id": f"draft_id || '-{turn}'",
        "payload": f"replace(payload, id, substr(id, 1, 14) || 'u{turn}')",
        "status_index": f"status_index + {turn * DISTINCT}",
        "certified_at": f"strftime('%Y-%m-%d %H:%M:%f000', certified_at, '+{turn * seconds} seconds')"
        if sqlite
        else f"certified_at + interval '{turn * seconds} seconds'",
    }
    place_only = {"seq": moved["seq"]}
    targets = [(records, moved), (search_documents, place_only), (page_hashes, place_only)]
    for target, changes in targets:
        names = [column.name for column in target.columns]
        values = ", ".join(changes.get(name, name) for name in names)
        where = f"FROM {target.name} WHERE seq >= :low AND seq < :high"
        transaction.execute(text(f"INSERT INTO {target.name} ({', '.join(names)}) SELECT {values} {where}"), span)
    if sqlite:
        source = "FROM search_documents WHERE seq >= :low AND seq < :high"
        transaction.execute(
            text(f"INSERT INTO search_index (rowid, lexemes) SELECT seq {later}, lexemes {source}"), span
        )


def place(number: int) -> int:
    """Return where the papers from this one on stand in the index."""
    return (int(START.timestamp()) + number * INTERVAL) * 1000 * 4096


def count_papers(database: Database) -> int:
    """Return how many papers are there from an earlier run."""
    with database.reading() as transaction:
        return int(transaction.execute(text("SELECT count(*) FROM records")).scalar_one())


Question = Callable[[Transaction], object]


def questions(town: Town, papers: int, seed: int) -> Iterator[tuple[str, Question]]:
    """Yield one question of each sort, about papers that are there."""
    chance = random.Random(seed)
    entry = town.paper(chance.randrange(min(papers, DISTINCT)))
    owner_id, name = entry.record.filing.owner_id, entry.record.filing.owner_name
    words = entry.text.split()
    place = chance.randrange(len(words) - 3)
    near = entry.page_hashes[0] ^ 1 << chance.randrange(64) ^ 1 << chance.randrange(64)

    def search(words: str, chosen: RecordFilter | None = None) -> Question:
        query = SearchQuery(text=words, chosen=chosen or RecordFilter())
        return lambda transaction: search_records(transaction, query)

    yield "list an owner", lambda t: list_records(t, RecordFilter(owner_id=owner_id), limit=50)
    yield "look up an id", lambda t: find_record(t, entry.record.id)
    yield "list by number", lambda t: list_records(t, RecordFilter(number=entry.record.fields["number"]))
    yield "list by kind", lambda t: list_records(t, RecordFilter(kind=entry.record.kind))
    yield "search a name", search(name)
    yield "search a name, no diacritics", search(fold(name))
    yield "search part of a name", search(" ".join(name.split()[:2]))
    yield "search two words of the text", search(" ".join(words[place : place + 2]))
    yield "search three scattered words", search(" ".join(chance.sample(words, 3)))
    yield "search in an owner's papers", search(words[place], RecordFilter(owner_id=owner_id))
    yield (
        "find by a field",
        lambda t: search_records(t, SearchQuery(fields={"residence": entry.record.fields["residence"]})),
    )
    yield "find a page that looks alike", lambda t: find_similar(t, [near])


def measure(database: Database, town: Town, papers: int, rounds: int) -> dict[str, tuple[float, ...]]:
    """Return for each sort of question in ms: the median and the 95th percentile of the time, and of the CPU time.

    The CPU time is that of this program and of the PostgreSQL process that serves it, if that is on this machine. It
    tells the cost also where others use the machine at the same time.
    """
    times: dict[str, list[float]] = {}
    work: dict[str, list[float]] = {}
    for seed in range(rounds):
        for label, question in questions(town, papers, seed):
            with database.reading() as transaction:
                server = server_process(transaction)
            began, worked = time.perf_counter(), time.process_time() + cpu_time(server)
            with database.reading() as transaction:
                question(transaction)
            times.setdefault(label, []).append((time.perf_counter() - began) * 1000)
            work.setdefault(label, []).append((time.process_time() + cpu_time(server) - worked) * 1000)
    return {
        label: tuple(f for t in (times[label], work[label]) for f in (statistics.median(t), quantile(t)))
        for label in times
    }


def server_process(transaction: Transaction) -> Path | None:
    """Return where the system counts the time of the process that serves us; the pool gives us the same one again."""
    if transaction.dialect.name != "postgresql":
        return None
    path = Path(f"/proc/{transaction.execute(text('SELECT pg_backend_pid()')).scalar_one()}/schedstat")
    return path if path.exists() else None


def cpu_time(process: Path | None) -> float:
    """Return the seconds that a process has worked."""
    return int(process.read_text().split()[0]) / 1e9 if process else 0.0


def quantile(values: list[float]) -> float:
    """Return the 95th percentile."""
    return statistics.quantiles(values, n=20)[-1]


def measure_sizes(url: str, town: Town, sizes: list[int], rounds: int) -> None:
    """Fill a database to each size, ask, and print the table."""
    database = open_database(url)
    upgrade(database)
    name = database.engine.dialect.name
    results, done = [], count_papers(database)
    sizes = [size for size in sizes if size >= done]
    for size in sizes:
        if size > done:
            print(f"{name}: {size - done:,} papers in {fill(database, town, done, size):.0f} s", flush=True)
        done = size
        measure(database, town, size, 10)
        results.append(measure(database, town, size, rounds))
        for label, values in results[-1].items():
            print(f"  {label:32}" + "".join(f" {value:8.2f}" for value in values), flush=True)
    heading = "p50 / p95, and p50 / p95 of CPU, in ms"
    print(f"\n| {name}: {heading} | " + " | ".join(f"{size:,}" for size in sizes) + " | CPU ratio |")
    print("| --- |" + " ---: |" * (len(sizes) + 1))
    for label in results[0]:
        cells = ["{:.1f} / {:.1f}, {:.1f} / {:.1f}".format(*result[label]) for result in results]
        print(f"| {label} | {' | '.join(cells)} | {results[-1][label][3] / results[0][label][3]:.1f} |")
    database.close()


def main() -> None:
    """Fill, ask and print, for each address and size."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("url", nargs="+")
    parser.add_argument("--papers", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=300)
    arguments = parser.parse_args()
    sizes = sorted({size for size in (10_000, 100_000) if size < arguments.papers} | {arguments.papers})
    for url in arguments.url:
        measure_sizes(url, make_town(250_000), sizes, arguments.rounds)


if __name__ == "__main__":
    main()
