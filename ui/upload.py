"""One's own table: upload a CSV file, choose what to predict, learn from it."""

import streamlit as st

import datasets
from datasets.csv import store
from datasets.csv import table as uploads
from engine import SpecError
from ui.plain import trouble
from ui.workspace import Workspace


def upload(workspace: Workspace, wanted: bool) -> None:
    """The uploader, open where it is `wanted`, and for an uploaded table the choice of the target column."""
    shown = wanted or workspace.spec["data"]["kind"] == "csv"
    with st.expander("Your own CSV", icon=":material/upload_file:", expanded=shown):
        file = st.file_uploader("CSV file", type=["csv", "tsv", "txt"], key="upload", label_visibility="collapsed",
                                help="One row an example, one column a feature. The file stays on this server and "
                                     "is deleted when room is needed.")
        if file is not None and workspace.state.get("file") != file.file_id:
            workspace.state["file"] = file.file_id
            if take(workspace, file):
                st.rerun()
        if workspace.state.get("refused"):
            trouble(workspace.state["refused"])
        if workspace.spec["data"]["kind"] == "csv":
            target(workspace)


def take(workspace: Workspace, file) -> bool:
    """Read an uploaded file and learn from it; a broken one leaves a sentence and changes nothing."""
    workspace.state["refused"] = ""
    try:
        uploads.check_size(file.size)
        table = uploads.read_table(file.getvalue(), file.name)
        data = {"kind": "csv", "upload": store.save(table), "target": table.suggest_target()}
        datasets.load(data, workspace.spec["seed"])
    except SpecError as error:
        workspace.state["refused"] = str(error)
        return False
    return workspace.learn_from(data, fresh=True)


def target(workspace: Workspace) -> None:
    """Which column is predicted."""
    try:
        table = store.load(workspace.spec["data"]["upload"])
    except SpecError as error:
        trouble(str(error))
        return
    st.session_state["upload_target"] = workspace.spec["data"]["target"] or table.suggest_target()

    def changed() -> None:
        workspace.set(["data", "target"], st.session_state["upload_target"])

    st.selectbox("Column to predict", table.names, key="upload_target", on_change=changed)
