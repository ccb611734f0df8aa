import pytest

from tests.forum import SIGNER, SmallForum
from triage.registry import Registry


@pytest.fixture
def registry(small: SmallForum) -> Registry:
    return Registry(small.database, "demo", small.models_dir, SIGNER)
