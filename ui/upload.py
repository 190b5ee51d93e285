"""One's own table: upload a CSV file, choose what to predict, learn from it."""

import streamlit as st

import datasets
from datasets.csv import store
from datasets.csv import table as uploads
from engine import SpecError
from ui.plain import trouble
from ui.workspace import Bench


def upload(bench: Bench, wanted: bool) -> None:
    """The uploader, open where it is `wanted`, and for an uploaded table the choice of the target column."""
    shown = wanted or bench.spec["data"]["kind"] == "csv"
    with st.expander("Your own CSV", icon=":material/upload_file:", expanded=shown):
        file = st.file_uploader("CSV file", type=["csv", "tsv", "txt"], key="upload", label_visibility="collapsed",
                                help="One row an example, one column a feature. The file stays on this server and "
                                     "is deleted when room is needed.")
        if file is not None and bench.state.get("file") != file.file_id:
            bench.state["file"] = file.file_id
            if take(bench, file):
                st.rerun()
        if bench.state.get("refused"):
            trouble(bench.state["refused"])
        if bench.spec["data"]["kind"] == "csv":
            target(bench)


def take(bench: Bench, file) -> bool:
    """Read an uploaded file and learn from it; a broken one leaves a sentence and changes nothing."""
    bench.state["refused"] = ""
    try:
        uploads.check_size(file.size)
        table = uploads.read_table(file.getvalue(), file.name)
        data = {"kind": "csv", "upload": store.save(table), "target": table.suggest_target()}
        datasets.load(data, bench.spec["seed"])
    except SpecError as error:
        bench.state["refused"] = str(error)
        return False
    return bench.learn_from(data, fresh=True)


def target(bench: Bench) -> None:
    """Which column is predicted."""
    try:
        table = store.load(bench.spec["data"]["upload"])
    except SpecError as error:
        trouble(str(error))
        return
    st.session_state["upload_target"] = bench.spec["data"]["target"] or table.suggest_target()
    st.selectbox("Column to predict", table.names, key="upload_target",
                 on_change=lambda: bench.set(["data", "target"], st.session_state["upload_target"]))
