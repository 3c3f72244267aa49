"""Archives and workbooks as zips: what is unpacked, and what is refused before anything comes out of it."""

from __future__ import annotations

import stat
import tracemalloc
import zipfile
import zlib

import pytest

from adversary import zips
from relmetrics.errors import UnreadableInputError
from relmetrics.submission import archive
from relmetrics.submission.archive import check_container, unpack

GROUPS = "group_id,group_type,label\n"


@pytest.fixture
def target(tmp_path):
    folder = tmp_path / "private"
    folder.mkdir(mode=0o700)
    return folder


def refusal(path, target):
    """The one sentence; nothing came out beside the private folder, and no folder of this machine is named."""
    around = set(path.parent.rglob("*"))
    with pytest.raises(UnreadableInputError) as caught:
        unpack(path, target)
    message = str(caught.value)
    assert message.startswith(path.name)
    assert str(path.parent) not in message
    assert message.isprintable()
    assert caught.value.__cause__ is None
    assert {new for new in set(path.parent.rglob("*")) - around if target not in new.parents} == set()
    return message


# --- what is unpacked ---------------------------------------------------------------------------------------------


def test_files_come_out_readable_by_nobody_else(tmp_path, target):
    path = zips.write_zip(tmp_path / "a.zip", {"submission.yaml": "a: 1\n", "groups.csv": GROUPS, "own/notes.csv": "x"})
    said = []
    assert unpack(path, target, said.append) == target
    assert {file.name for file in target.iterdir()} == {"submission.yaml", "groups.csv", "own"}
    assert (target / "groups.csv").read_text() == GROUPS
    assert (target / "own" / "notes.csv").read_text() == "x"
    assert stat.S_IMODE((target / "groups.csv").stat().st_mode) == 0o600
    assert stat.S_IMODE((target / "own").stat().st_mode) == 0o700
    assert said == ["Unpacking submission.yaml", "Unpacking groups.csv", "Unpacking notes.csv"]


@pytest.mark.parametrize("slash", ["/", "\\"])
def test_a_folder_that_was_packed_whole(tmp_path, target, slash):
    files = {f"spring{slash}": "", f"spring{slash}groups.csv": GROUPS, "__MACOSX/spring/._groups.csv": "x"}
    path = zips.write_zip(tmp_path / "a.zip", files | {"spring/.DS_Store": "x", ".hidden": "x", "Thumbs.db": "x"})
    found = unpack(path, target)
    assert found == target / "spring"
    assert [file.name for file in found.iterdir()] == ["groups.csv"]


def test_a_workbook_in_a_zip_is_no_nested_archive(tmp_path, target):
    inner = zips.write_zip(tmp_path / "groups.xlsx", {"xl/workbook.xml": "<a/>"})
    unpack(zips.write_zip(tmp_path / "a.zip", {"groups.xlsx": inner.read_bytes()}), target)
    assert (target / "groups.xlsx").read_bytes() == inner.read_bytes()


# --- what is refused ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("../groups.csv", "a path that leads out of it"),
        ("a/../../groups.csv", "a path that leads out of it"),
        ("..\\groups.csv", "a path that leads out of it"),
        ("/etc/groups.csv", "a path from outside it"),
        ("\\groups.csv", "a path from outside it"),
        ("//server/share/groups.csv", "a path from outside it"),
        ("\\\\server\\share\\groups.csv", "a path from outside it"),
        ("C:\\groups.csv", "a path from outside it"),
        ("c:groups.csv", "a path from outside it"),
        ("CON", "no file's on some systems"),
        ("nul.csv", "no file's on some systems"),
        ("a/Aux .csv", "no file's on some systems"),
        ("com1.csv", "no file's on some systems"),
        ("LPT¹.csv", "no file's on some systems"),
        ("groups.csv:stream", "no file's on some systems"),
        ("gro\x07ups.csv", "characters that no name should have"),
        ("groups.csv.", "characters that no name should have"),
        ("groups.csv ", "characters that no name should have"),
        ("a" * 300 + ".csv", "a name of more than 255"),
        ("a/" * 11 + "groups.csv", "folders more than 10 deep"),
        ("more.zip", "another archive"),
        ("more.7z", "another archive"),
        ("more.TAR", "another archive"),
        ("more.csv.gz", "another archive"),
    ],
)
def test_names_that_are_refused(tmp_path, target, name, said):
    assert said in refusal(zips.write_zip(tmp_path / "a.zip", {"groups.csv": GROUPS, name: "x"}), target)
    assert list(target.iterdir()) == []


@pytest.mark.parametrize("name", ["console.csv", "nullable.csv", "comments.csv", "com.csv", "lpt10.csv", "a..b.csv"])
def test_names_that_only_look_like_it(tmp_path, target, name):
    unpack(zips.write_zip(tmp_path / "a.zip", {name: GROUPS}), target)
    assert (target / name).read_text() == GROUPS


def test_a_name_that_ends_in_the_middle(tmp_path, target):
    """Python takes a name up to its NUL; others take all of it."""
    path = zips.write_zip(tmp_path / "a.zip", {"groups.csv#exe": GROUPS})
    path.write_bytes(path.read_bytes().replace(b"groups.csv#exe", b"groups.csv\0exe"))
    assert "characters that no name should have" in refusal(path, target)


@pytest.mark.parametrize(
    ("mode", "said"), [(0o120777, "holds a link"), (0o010644, "no file"), (0o020644, "no file"), (0o060644, "no file")]
)
def test_links_and_devices(tmp_path, target, mode, said):
    assert said in refusal(
        zips.write_zip(tmp_path / "a.zip", [(zips.entry("groups.csv", mode), "/etc/passwd")]), target
    )
    assert list(target.iterdir()) == []


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("second", ["groups.csv", "GROUPS.csv", "./groups.csv", "groupſ.csv"])
def test_two_files_of_one_name(tmp_path, target, second):
    path = zips.write_zip(tmp_path / "a.zip", [("groups.csv", GROUPS), (second, "x")])
    assert "two files of the name" in refusal(path, target)


def test_a_file_and_a_folder_of_one_name(tmp_path, target):
    path = zips.write_zip(tmp_path / "a.zip", {"a.csv/b.csv": "x", "A.csv": "x"})
    assert "a file and a folder of the name" in refusal(path, target)


def test_a_password(tmp_path, target):
    assert "is protected with a password" in refusal(zips.encrypted(tmp_path / "a.zip", "groups.csv"), target)


def test_another_way_of_packing(tmp_path, target):
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_LZMA) as made:
        made.writestr("groups.csv", GROUPS)
    assert "is packed in a way that is not read" in refusal(tmp_path / "a.zip", target)


def test_an_archive_under_another_name(tmp_path, target):
    inner = zips.write_zip(tmp_path / "inner", {"a": "x"}).read_bytes()
    assert "another archive" in refusal(zips.write_zip(tmp_path / "a.zip", {"groups.csv": inner}), target)


def test_too_many_files(tmp_path, target):
    files = {f"{number}.csv": "" for number in range(archive.MOST_MEMBERS + 1)}
    assert "more than 2,000 files" in refusal(zips.write_zip(tmp_path / "a.zip", files), target)


def test_a_directory_that_counts_wrongly_is_not_read(tmp_path, target):
    """A million members that say they are one would take a gigabyte before anybody could count them."""
    path = zips.long_directory(tmp_path / "a.zip", 1_000_000, 1)
    tracemalloc.start()
    assert "more than 2,000 files" in refusal(path, target)
    assert tracemalloc.get_traced_memory()[1] < 5_000_000
    tracemalloc.stop()
    assert "is damaged" in refusal(zips.long_directory(tmp_path / "b.zip", 3_000, 1), target)


@pytest.mark.parametrize(
    "content",
    [b"", b"hello", b"PK\x03\x04" + bytes(50), b"PK\x05\x06", b"PK\x05\x06" + b"\xff" * 18, b"PK\x05\x06" + bytes(18)],
)
def test_what_is_no_zip(tmp_path, target, content):
    (tmp_path / "a.zip").write_bytes(content)
    message = refusal(tmp_path / "a.zip", target)
    assert any(words in message for words in ("is empty", "is damaged", "holds no files", "more than 2,000 files"))


def test_a_damaged_member(tmp_path, target):
    path = zips.write_zip(tmp_path / "a.zip", {"groups.csv": GROUPS * 100})
    content = bytearray(path.read_bytes())
    content[60] ^= 0xFF
    path.write_bytes(content)
    assert "is damaged" in refusal(path, target)


def test_a_full_disk(tmp_path, target, monkeypatch):
    path = zips.write_zip(tmp_path / "a.zip", {"groups.csv": GROUPS})
    real = type(path).open

    def full(file, mode="r", *args, **options):
        if mode == "wb":
            raise OSError(28, "No space left on device")
        return real(file, mode, *args, **options)

    monkeypatch.setattr(type(path), "open", full)
    message = refusal(path, target)
    assert "No space left on device" in message
    assert "room in the system's temporary folder" in message


# --- bombs --------------------------------------------------------------------------------------------------------


@pytest.fixture
def small_limits(monkeypatch):
    """The real limits are gigabytes, which would take a minute to reach."""
    monkeypatch.setattr(archive, "RATIO_FROM", 2 * 1024**2)
    monkeypatch.setattr(archive, "MOST_BYTES", 20 * 1024**2)


def written(folder):
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def test_a_bomb_that_says_so(tmp_path, target, small_limits):
    path = zips.write_zip(tmp_path / "a.zip", {"groups.csv": b"x" * 5_000_000})
    assert "would unpack to 4 MB" in refusal(path, target)
    assert written(target) == 0
    big = zips.write_zip(tmp_path / "b.zip", {f"{number}.csv": b"x" * 4_000_000 for number in range(6)})
    assert "would unpack to 22 MB" in refusal(big, target)


@pytest.mark.parametrize("said", [10, 0, 1_000_000])
def test_a_bomb_that_lies(tmp_path, target, small_limits, said):
    path = zips.lying(tmp_path / "a.zip", "groups.csv", b"x" * 30_000_000, said)
    assert "would unpack to" in refusal(path, target)
    assert written(target) < 6_000_000


def test_a_bomb_that_lies_about_its_sum_as_well(tmp_path, target, small_limits):
    """The sum is that of the part that it admits, so that a reader that stops there finds nothing wrong."""
    path = zips.lying(tmp_path / "a.zip", "groups.csv", b"x" * 30_000_000, 10, crc=zlib.crc32(b"x" * 10))
    assert "would unpack to" in refusal(path, target)
    small = zips.lying(tmp_path / "b.zip", "groups.csv", b"x" * 30_000, 10, crc=zlib.crc32(b"x" * 10))
    (target / "groups.csv").unlink()
    assert "is damaged" in refusal(small, target)


def test_members_that_share_their_bytes(tmp_path, target):
    assert "is damaged" in refusal(zips.overlapping(tmp_path / "a.zip", 100, 1_000_000), target)


def test_memory_stays_small(tmp_path, target):
    path = zips.write_zip(tmp_path / "a.zip", {"groups.csv": b"x" * 60_000_000})
    tracemalloc.start()
    unpack(path, target)
    assert tracemalloc.get_traced_memory()[1] < 12_000_000
    tracemalloc.stop()


# --- workbooks ----------------------------------------------------------------------------------------------------


def container_refusal(path):
    with pytest.raises(UnreadableInputError) as caught:
        check_container(path)
    message = str(caught.value)
    assert message.startswith(path.name)
    assert caught.value.__cause__ is None
    return message


LAUGHS = """<?xml version="1.0"?>
<!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;">]>
<sst>&lol2;</sst>"""
OUTSIDE = '<?xml version="1.0"?><!DOCTYPE sst SYSTEM "file:///etc/passwd"><sst/>'
PLAIN = '<?xml version="1.0" encoding="UTF-8"?><sst><t>&lt;!DOCTYPE lolz [&lt;!ENTITY</t></sst>'


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(LAUGHS.encode(), id="entities"),
        pytest.param(OUTSIDE.encode(), id="another file"),
        pytest.param(LAUGHS.encode("utf-16"), id="UTF-16 with mark"),
        pytest.param(LAUGHS.encode("utf-16-le"), id="UTF-16 without, little"),
        pytest.param(LAUGHS.encode("utf-16-be"), id="UTF-16 without, big"),
        pytest.param(b"\xef\xbb\xbf" + LAUGHS.encode(), id="UTF-8 with mark"),
        pytest.param(LAUGHS.encode("cp037"), id="characters of mainframes"),
        pytest.param(b'<?xml version="1.0" encoding="cp037"?>' + OUTSIDE.encode("cp037"), id="the same, declared"),
        pytest.param(b'<?xml version="1.0" encoding="utf-7"?>+ADwAIQ-DOCTYPE', id="UTF-7"),
        pytest.param(b" " * 3_000_000 + LAUGHS[22:].encode(), id="after many blanks"),
        pytest.param(b"<a>" + b" " * (1024**2 - 7) + b"<!DOCTYPE", id="over the edge of a piece"),
    ],
)
@pytest.mark.parametrize("part", ["xl/sharedStrings.xml", "xl/worksheets/sheet1.bin"])
def test_entities(tmp_path, content, part):
    path = zips.write_zip(tmp_path / "a.xlsx", {"xl/workbook.xml": PLAIN, part: content})
    assert "declares entities or a document type" in container_refusal(path)


def test_what_is_no_entity(tmp_path):
    picture = '<?xml version="1.0"?><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "svg11.dtd"><svg/>'
    files = {
        "a.xml": PLAIN,
        "b.xml": PLAIN.encode("utf-16"),
        "xl/media/image1.svg": picture,
        "c.png": b"\x89PNG<!ENTITY",
    }
    check_container(zips.write_zip(tmp_path / "a.xlsx", files | {"empty.xml": b"", "blank.xml": b"  \n"}))
    with pytest.raises(UnreadableInputError, match="entities"):
        check_container(zips.write_zip(tmp_path / "b.xlsx", {"xl/media/image1.svg": LAUGHS}))


def test_bombs_in_workbooks(tmp_path, small_limits):
    name = "xl/worksheets/sheet1.xml"
    honest = zips.write_zip(tmp_path / "a.xlsx", {name: b" " * 5_000_000})
    assert "would unpack to 4 MB" in container_refusal(honest)
    lying = zips.lying(tmp_path / "b.xlsx", name, b" " * 30_000_000, 100)
    assert "would unpack to" in container_refusal(lying)
    shared = zips.overlapping(tmp_path / "c.xlsx", 50, 10_000)
    assert "is not a workbook, or is damaged" in container_refusal(shared)


def test_parts_of_workbooks(tmp_path, monkeypatch):
    assert "with a password" in container_refusal(zips.encrypted(tmp_path / "a.xlsx", "xl/workbook.xml"))
    listed = '<?xml version="1.0"?><manifest:file-entry><manifest:encryption-data/></manifest:file-entry>'
    ods = zips.write_zip(tmp_path / "a.ods", {"mimetype": "x", "META-INF/manifest.xml": listed})
    assert "with a password" in container_refusal(ods)
    twice = zips.write_zip(tmp_path / "b.xlsx", {"xl/workbook.xml": PLAIN, "XL/Workbook.xml": PLAIN})
    assert "two parts of the same name" in container_refusal(twice)
    monkeypatch.setattr(archive, "MOST_PARTS", 3)
    many = zips.write_zip(tmp_path / "c.xlsx", {f"{number}.xml": PLAIN for number in range(4)})
    assert "more than 3 files" in container_refusal(many)
    for content in (b"", b"hello", b"PK\x03\x04" + bytes(50)):
        (tmp_path / "d.xlsx").write_bytes(content)
        assert "is empty" in (said := container_refusal(tmp_path / "d.xlsx")) or "is damaged" in said
    assert "cannot be opened (No such file" in container_refusal(tmp_path / "nowhere.xlsx")
