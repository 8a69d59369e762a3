"""Features one by one, whatever stands around them."""

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leads.place_store import geojson
from leads.place_store.geojson import Broken, read_features

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(
    st.lists(st.dictionaries(st.text(), values, max_size=3), max_size=5), values, st.integers(1, 9)
)
def test_every_feature_comes_whole_however_the_text_is_cut(
    features: list[object], beside: object, chunk: int
) -> None:
    collection = {"name": beside, "features": features, "bbox": beside}
    text = json.dumps(collection)
    normal = geojson.CHUNK
    geojson.CHUNK = chunk
    try:
        assert list(read_features(io.StringIO(text))) == features
    finally:
        geojson.CHUNK = normal


def test_features_stand_one_after_the_other_by_lines_or_with_record_signs() -> None:
    one = json.dumps({"type": "Feature", "properties": {"a": 1}, "geometry": None})
    expected = [json.loads(one)] * 2
    assert list(read_features(io.StringIO(f"{one}\n{one}\n"))) == expected
    assert list(read_features(io.StringIO(f"\x1e{one}\n\x1e{one}"))) == expected
    assert list(read_features(io.StringIO(f"\ufeff{one}{one}"))) == expected


def test_a_nested_member_called_features_is_not_the_collection() -> None:
    text = json.dumps({"meta": {"features": [{"wrong": 1}]}, "features": [{"right": 1}]})
    assert list(read_features(io.StringIO(text))) == [{"right": 1}]


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        '{"features": [{"a": 1}',
        '{"features": [{"a": 1} {"b": 2}]}',
        '{"features": [{"a": tru',
        '{"type" "Feature"}',
        '{"features": [nonsense]}',
        '{"a": ' + "[" * 100_000,
    ],
)
def test_broken_text_is_refused(text: str) -> None:
    with pytest.raises(Broken):
        list(read_features(io.StringIO(text)))


def test_a_value_without_an_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(geojson, "MAX_VALUE", 10_000)
    monkeypatch.setattr(geojson, "CHUNK", 1_000)
    text = io.StringIO('{"features": ["' + "a" * 1_000_000)
    with pytest.raises(Broken, match="too long"):
        list(read_features(text))
    assert text.tell() < 100_000
