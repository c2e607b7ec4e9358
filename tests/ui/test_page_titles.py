"""Names of pages and states stand in the Vietnamese catalogues; `tests/language` finds the sentences."""

from kpis.charts import palette
from kpis.language.messages import load_catalogue
from kpis.ui import pages


def test_pages_and_states_have_their_vietnamese_names() -> None:
    known = load_catalogue("vi")
    looks = [*palette.STATUS_STYLES.values(), *palette.TASK_STATE_STYLES.values()]
    named = [
        *(look.label_key for look in looks),
        *(word for page in pages.PAGES for word in (page.title, page.help)),
    ]
    assert [word for word in named if word not in known] == []
