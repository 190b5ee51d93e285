"""The playground: assemble a network, press play, watch it learn."""

import streamlit as st

from ui.panels import data_panel, layer_panel, training_panel, training_row
from ui.playground import workspace as playground_workspace
from ui.stage import stage
from ui.toolbar import publish, restore, toolbar

workspace = playground_workspace()
restore(workspace)
toolbar(workspace)
streams = []
with st.container(key="workbench"):
    left, right = st.columns([1, 4], gap="medium")
    with left.container(key="panels"):
        data_panel(workspace, streams)
        layer_panel(workspace, streams)
        training_panel(workspace, streams)
    with right:
        with st.container(key="training_row"):
            training_row(workspace, streams)
        stage(workspace, streams)
publish(workspace)
