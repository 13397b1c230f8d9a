"""Steps of a person who starts a training."""

from tests.browser.running import at_rest, choose


def choose_training(page, epochs, test_set, backbone=None):
    """Fill the form of Train, which is open, accept its warnings and start."""
    if backbone:
        choose(page, "Backbone", backbone)
    page.get_by_label("Epochs at most").fill(str(epochs))
    page.get_by_label("Epochs at most").press("Enter")
    choose(page, "Then evaluate on", test_set)
    page.keyboard.press("Escape")
    page.get_by_text("Training plan").wait_for()
    at_rest(page)
    warned = page.get_by_text("I understand the warnings; start training.")
    if warned.count():
        warned.click()
    page.get_by_role("button", name="Start training").and_(page.locator(":enabled")).click()
