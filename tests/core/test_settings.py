"""The environment is read once, whole, and every problem is named at once."""

from pathlib import Path

import pytest

from service.core.settings import BadSettings, every_setting, load_settings

ROOT = Path(__file__).parents[2]


def test_the_example_file_lists_every_setting_with_its_default() -> None:
    lines = (ROOT / ".env.example").read_text().splitlines()
    listed = [
        line.removeprefix("# ").partition("=")[0] for line in lines if line.lstrip("# ").startswith("MUSTER_")
    ]
    assert listed == [setting.name for setting in every_setting()]
    assert all(setting.description for setting in every_setting())


def test_the_example_file_can_be_used_as_it_is() -> None:
    pairs = [line.partition("=") for line in (ROOT / ".env.example").read_text().splitlines()]
    environment = {name: value for name, _, value in pairs if name.startswith("MUSTER_")}
    assert load_settings(environment) == load_settings({})


def test_all_problems_are_told_at_once() -> None:
    with pytest.raises(BadSettings) as bad:
        load_settings(
            {
                "MUSTER_PROT": "1",
                "MUSTER_PORT": "many",
                "MUSTER_DATABASE__POOL_SIZE": "0",
                "MUSTER_DATABASE__URL": "mysql://x",
            }
        )
    text = "\n".join(bad.value.problems)
    assert "MUSTER_PROT is not a setting; did you mean MUSTER_PORT?" in text
    assert "MUSTER_PORT: " in text
    assert "MUSTER_DATABASE__POOL_SIZE: " in text
    assert "MUSTER_DATABASE__URL: " in text


@pytest.mark.parametrize(
    "given", ["postgres://u:p@h/d", "postgresql://u:p@h/d", "postgresql+asyncpg://u:p@h/d"]
)
def test_every_spelling_of_a_postgresql_url_becomes_asyncpgs(given: str) -> None:
    settings = load_settings({"MUSTER_DATABASE__URL": given, "MUSTER_SECRET_KEYS": f'["{"x" * 32}"]'})
    assert settings.database.url is not None
    assert settings.database.url.get_secret_value() == "postgresql+asyncpg://u:p@h/d"
    assert "p@h" not in repr(settings)


def test_an_upstream_needs_its_credential_and_its_zone() -> None:
    with pytest.raises(BadSettings) as bad:
        load_settings({"MUSTER_UPSTREAM__FRAPPE__URL": "https://hr.example"})
    assert len(bad.value.problems) == 3
    with pytest.raises(BadSettings, match="IANA"):
        load_settings({"MUSTER_UPSTREAM__FRAPPE__TIME_ZONE": "Mexico City"})


def test_a_given_database_needs_a_signing_key() -> None:
    with pytest.raises(BadSettings, match="MUSTER_SECRET_KEYS"):
        load_settings({"MUSTER_DATABASE__URL": "postgresql://u:p@h/d"})


def test_a_signing_key_is_no_short_word() -> None:
    """Who guesses it signs tokens for anybody; the key itself is not repeated."""
    for given in ('["hunter2"]', '["' + "k" * 32 + '", "hunter2"]'):
        with pytest.raises(BadSettings, match="at least 32 random characters") as bad:
            load_settings({"MUSTER_SECRET_KEYS": given})
        assert "hunter2" not in str(bad.value)
