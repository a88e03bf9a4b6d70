"""The files of the page."""

import gzip
from pathlib import Path

from antiphon.adapters.doors.web.assets import IMMUTABLE, REVALIDATED, assets_in


def folder_with(tmp_path: Path, **contents: bytes) -> Path:
    for name, content in contents.items():
        path = tmp_path / "static" / name.replace("__", "/").replace("_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return tmp_path / "static"


def test_files_are_served_by_their_paths_and_the_first_page_at_the_root(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, index_html=b"<p>", assets__app_js=b"1;" * 500, assets__c4_mp3=b"\xff" * 9)
    assets = assets_in(folder)
    assert set(assets) == {"/", "/index.html", "/assets/app.js", "/assets/c4.mp3"}
    assert assets["/"] == assets["/index.html"]
    assert assets["/"].type == "text/html"
    assert assets["/assets/app.js"].content() == b"1;" * 500


def test_text_is_compressed_and_sound_is_not(tmp_path: Path) -> None:
    assets = assets_in(folder_with(tmp_path, app_js=b"1;" * 500, c4_mp3=b"\xff" * 9))
    compressed = assets["/app.js"].compressed
    assert compressed is not None
    assert gzip.decompress(compressed) == b"1;" * 500
    assert assets["/c4.mp3"].compressed is None


def test_what_has_its_hash_in_its_name_is_kept_for_ever_and_the_rest_asked_for_again(tmp_path: Path) -> None:
    assets = assets_in(folder_with(tmp_path, index_html=b"<p>", assets__app_js=b"1;"))
    assert assets["/assets/app.js"].caching == IMMUTABLE
    assert assets["/"].caching == REVALIDATED


def test_what_is_in_a_file_decides_by_what_it_is_known(tmp_path: Path) -> None:
    before = assets_in(folder_with(tmp_path, index_html=b"<p>one"))["/"].etag
    assert assets_in(folder_with(tmp_path, index_html=b"<p>one"))["/"].etag == before
    assert assets_in(folder_with(tmp_path, index_html=b"<p>two"))["/"].etag != before


def test_what_is_no_part_of_a_page_is_not_served(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, index_html=b"<p>", notes_py=b"x = 1", app_sqlite=b"x")
    assert set(assets_in(folder)) == {"/", "/index.html"}


def test_where_no_page_is_built_there_is_none(tmp_path: Path) -> None:
    assert assets_in(tmp_path / "nowhere") == {}
