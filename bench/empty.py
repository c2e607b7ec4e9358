"""The page that every other is measured against: Streamlit as it comes, with a title."""

import streamlit as st
from streamlit import runtime

if runtime.exists():
    st.title("Trang trống")
else:
    app = st.App(__file__)
