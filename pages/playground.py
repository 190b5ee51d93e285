"""The playground: assemble a network, press play, watch it learn."""

import streamlit as st

from ui.panels import data_panel, layer_panel, training_panel, training_row
from ui.playground import bench as playground_bench
from ui.stage import stage
from ui.toolbar import publish, restore, toolbar

bench = playground_bench()
restore(bench)
toolbar(bench)
streams = []
with st.container(key="workbench"):
    left, right = st.columns([1, 4], gap="medium")
    with left.container(key="panels"):
        data_panel(bench, streams)
        layer_panel(bench, streams)
        training_panel(bench, streams)
    with right:
        with st.container(key="training_row"):
            training_row(bench, streams)
        stage(bench, streams)
publish(bench)
