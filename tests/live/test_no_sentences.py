"""A table of sentences where the data brings none of its own."""

from tests.live.asking import ask
from tests.live.runs import session, spec


def test_data_without_sentences_has_an_empty_table_until_one_is_added():
    run = session(spec(data={"kind": "names_sex"}, network={"layers": [
        {"kind": "embedding", "dim": 4}, {"kind": "mean_over_time"}]}))
    assert ask(run, "sentences")[0][0]["sentences"] == []
    assert [row["text"] for row in ask(run, "sentences", texts=["grace"])[0][0]["sentences"]] == ["grace"]
