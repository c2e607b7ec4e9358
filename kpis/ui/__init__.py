"""The dashboard: shared parts, the frame, the server and one folder a page; the only place for Streamlit."""
