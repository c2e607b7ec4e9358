"""The dashboard: shared parts, the frame, the server and one folder per page; only here is Streamlit used."""
