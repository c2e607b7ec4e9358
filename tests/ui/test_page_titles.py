"""Names of pages and states are in the Vietnamese catalogues; `tests/language` checks the sentences."""

from kpis.charts import palette
from kpis.language.messages import load_catalogue
from kpis.ui import pages


def test_pages_and_states_have_their_vietnamese_names() -> None:
    catalogue = load_catalogue("vi")
    styles = [*palette.STATUS_STYLES.values(), *palette.TASK_STATE_STYLES.values()]
    keys = [
        *(style.label_key for style in styles),
        *(key for page in pages.PAGES for key in (page.title, page.help)),
    ]
    assert [key for key in keys if key not in catalogue] == []
