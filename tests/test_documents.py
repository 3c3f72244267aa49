"""Documents: what is read from YAML and JSON, and what is refused."""

from __future__ import annotations

import pytest

from relmetrics.documents import MAX_BYTES, MAX_DEPTH, DocumentError, read_document, read_text


def refusal(content: bytes | str, name: str = "manifest.yaml") -> str:
    with pytest.raises(DocumentError) as refused:
        read_text(content, name)
    return str(refused.value)


def test_every_scalar_is_text_in_both_forms():
    expected = {"version": "1.0", "no": ["0.10", "12", "true", "false", "null", "x"], "empty": {}}
    json_text = '{"version": 1.0, "no": [0.10, 12, true, false, null, "x"], "empty": {}}'
    assert read_text(json_text, "a.json").data == expected
    assert read_text(json_text, "a.yaml").data == expected


def test_escaped_pairs_of_json_are_read():
    document = read_text('{"title": "\\ud83d\\ude00 caf\\u00e9"}', "MANIFEST.JSON")
    assert document.data == {"title": "\U0001f600 café"}
    assert document.line_of(("title",)) == 1


def test_json_knows_its_lines_where_yaml_reads_it_too():
    document = read_text('{\n "a": "x",\n "b": ["y",\n "z"]\n}', "a.json")
    assert document.line_of(("b", 1)) == 4
    assert document.line_of(("b", 9)) == 3


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ('{"a": 1, "b": 2, "a": 3}', "the key 'a' stands twice"),
        ('{"a": [{"b": 1, "b": 1}]}', "the key 'b' stands twice"),
        ('{"a": NaN}', "NaN is not a value of JSON"),
        ('{"a": -Infinity}', "-Infinity is not a value of JSON"),
        ('{"a": "\\ud83d"}', "stands alone"),
        ('{"\\ude00": "a"}', "stands alone"),
        ('{"a": 1,\n}', "a.json, line 2: this is not JSON"),
        ("a: 1", "a.json, line 1: this is not JSON"),
        ("", "a.json, line 1: this is not JSON"),
        ("{} {}", "this is not JSON"),
        ("[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1), "nested more than"),
        ("[" * 200_000, "nested more than"),
        (b'{"a": "\xff"}', "a.json, line 1: this is not UTF-8"),
    ],
)
def test_json_refused(content, words):
    assert words in refusal(content, "a.json")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("a: &x 1\nb: 2", "line 1: anchors and aliases"),
        ("a: 1\nb: *x", "line 2: anchors and aliases"),
        ("a: !!int 1", "line 1: tags"),
        ("a: !!python/object/apply:os.getcwd []", "line 1: tags"),
        ("a: 1\nb: 2\na: 3", "line 3: the key 'a' stands twice"),
        ("a: 1\n---\nb: 2", "line 2: a second document"),
        ("{a: [b, c]}: d\n? [x]\n: y", "must be plain text"),
        ("a: [1, 2", "the file cannot be read from here on"),
        ("[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1), "nested more than"),
        ("[" * 200_000, "nested more than"),
        (b"a: 1\nb: \xff", "line 2: this is not UTF-8"),
        (b" " * (MAX_BYTES + 1), "is larger than"),
    ],
)
def test_yaml_refused(content, words):
    assert words in refusal(content)


@pytest.mark.parametrize("name", ["a.yaml", "a.json"])
def test_the_deepest_allowed_is_read(name):
    data = read_text("[" * MAX_DEPTH + "]" * MAX_DEPTH, name).data
    for _ in range(MAX_DEPTH - 1):
        (data,) = data
    assert data == []


def test_files_too_large_or_absent(tmp_path):
    large = tmp_path / "large.yaml"
    large.write_bytes(b" " * (MAX_BYTES + 1))
    with pytest.raises(DocumentError, match=r"large\.yaml has 1,048,577 bytes"):
        read_document(large)
    with pytest.raises(DocumentError, match=r"absent\.yaml cannot be opened"):
        read_document(tmp_path / "absent.yaml")
