"""How the page looks and reads, in a real browser: widths, contrast, names for a screen reader."""

from __future__ import annotations

import pytest

from wb_pipeline_tests.web.conftest import waiting

pytestmark = pytest.mark.browser
_PHONE = 500
# The smallest element that a finger can be asked to hit has 44 pixels.
_SMALL = """
Array.from(document.querySelectorAll(
    "button, summary, nav a, .row .open, .pick, .choice, input[type=text], select"
)).filter((e) => e.checkVisibility() && e.getBoundingClientRect().height < 43.5).map((e) => e.outerHTML)
"""
_UNNAMED = """
Array.from(document.querySelectorAll("input:not([type=hidden]), select, textarea, button, a"))
    .filter((e) => !(e.labels && e.labels.length) && !e.textContent.trim() && !e.ariaLabel).map((e) => e.outerHTML)
"""
_PALE = """
(() => {
    const numbers = (text) => (text.match(/[\\d.]+/g) || []).map(Number);
    const part = (v) => (v / 255 <= 0.03928 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4);
    const light = ([r, g, b]) => 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
    const ground = (e) => {
        for (let at = e; at; at = at.parentElement) {
            const color = numbers(getComputedStyle(at).backgroundColor);
            if (color.length === 3 || color[3] === 1) return color.slice(0, 3);
        }
        return [255, 255, 255];
    };
    const hasText = (e) => Array.from(e.childNodes).some((n) => n.nodeType === 3 && n.textContent.trim());
    const pale = [];
    for (const e of document.querySelectorAll("body *")) {
        if (!e.checkVisibility() || !hasText(e)) continue;
        const [a, b] = [light(numbers(getComputedStyle(e).color).slice(0, 3)), light(ground(e))];
        const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
        if (ratio < 4.5) pale.push(`${e.tagName}.${e.className} ${e.textContent.trim().slice(0, 40)} ${ratio}`);
    }
    return pale;
})()
"""
_LANDMARKS = """
["header", "nav", "main", "[role=status][aria-live=polite]"].every((each) => document.querySelector(each))
"""


@pytest.fixture
def paths(look):
    """The addresses of one page of each kind."""
    (item, *_) = waiting(look.office)
    inside = (
        "/",
        f"/item/{item.item_id}",
        "/bulk?decision=reject&all=1",
        "/help",
        "/suggestions",
        "/record/contact/con-1",
    )
    return [f"{look.address}{path}" for path in inside]


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_nothing_is_wider_than_the_window(paths, tab, width):
    """RVW-1: one column on a phone; nothing is cut off, and what is tapped is large enough."""
    tab.size(width, 800, is_phone=width < _PHONE)
    for path in paths:
        tab.go(path)
        assert tab.run("document.documentElement.scrollWidth <= innerWidth"), path
        assert width > _PHONE or tab.run(_SMALL) == [], path


def test_text_can_be_read_in_light_and_dark(paths, tab):
    """RVW-1: text stands out from its ground by 4.5 to 1 at least, in both schemes (WCAG AA)."""
    for is_dark in (False, True):
        tab.size(1280, 900, is_dark=is_dark)
        for path in paths[:4]:
            tab.go(path)
            assert tab.run(_PALE) == [], (is_dark, path)


def test_parts_have_names_for_a_screen_reader(paths, tab):
    """RVW-1: landmarks, one first heading, a name for each control, words for what is marked by colour alone."""
    for path in paths:
        tab.go(path)
        assert tab.run(_LANDMARKS)
        assert tab.run("document.querySelectorAll('h1').length") == 1
        assert tab.run("document.documentElement.lang") == "en"
        assert tab.run(_UNNAMED) == [], path
        assert tab.run("Array.from(document.querySelectorAll('del, ins, mark')).every((e) => e.querySelector('.sr'))")
