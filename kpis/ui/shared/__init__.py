"""Parts shared by all pages: HTML, tables, charts, filters, the view, cached queries, Streamlit internals."""
