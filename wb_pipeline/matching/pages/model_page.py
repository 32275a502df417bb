"""The page of one object's model: how it was trained, Splink's charts, the card's points, whether scores mean it."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from wb_pipeline.matching.link import linker_over
from wb_pipeline.matching.models.objects import MODELS
from wb_pipeline.matching.models.term import Number
from wb_pipeline.matching.pages.document import chart_place, document, heading, paragraph, table

if TYPE_CHECKING:
    import duckdb

    from wb_pipeline.matching.bundle import ObjectModel
    from wb_pipeline.matching.scorecard.card import Card

_NO_DIFFERENCE = 0.005


def model_charts(con: duckdb.DuckDBPyConnection, model: ObjectModel) -> dict[str, dict[str, Any]]:
    """Return Splink's charts of a model as Vega-Lite, by place. Needs the table matching.<object>_inputs."""
    settings = copy.deepcopy(model.splink)
    drawn = linker_over(con, model.object, f"{model.object}_inputs", settings).visualisations
    return {"weights": drawn.match_weights_chart().chart_dict, "parameters": drawn.m_u_parameters_chart().chart_dict}


def model_page(model: ObjectModel, model_hash: str, report: dict[str, Any], charts: dict[str, dict[str, Any]]) -> str:
    """Return the page as one HTML file. `report` is `renewal.Renewed.report`, `charts` come from `model_charts`."""
    parts = [*_training(model_hash, report), *_charts(), *_blocking(report), *_card(model.card), *_scores(report)]
    return document(f"Matching model: {model.object}", parts, charts)


def _training(model_hash: str, report: dict[str, Any]) -> Iterator[str]:
    splink, card = report["splink"], report["card"]
    yield paragraph(f"Model {model_hash}", is_note=True)
    yield paragraph(splink["said"] + ".")
    yield paragraph(card["said"] + ".")
    if splink["sessions"]:
        yield heading("Training sessions")
        yield table(
            ["pairs that agree by", "iterations"], [[each["rule"], each["iterations"]] for each in splink["sessions"]]
        )
    if splink["levels_never_seen"]:
        yield heading("Levels that training never saw")
        yield paragraph("They carry a small fixed value (m: of duplicates, u: of strangers).", is_note=True)
        yield paragraph(", ".join(splink["levels_never_seen"]))
    if splink["levels_against_meaning"]:
        yield heading("Agreements that came out as speaking against a pair")
        yield paragraph("Look at them before you trust the weights.", is_note=True)
        yield paragraph("; ".join(splink["levels_against_meaning"]))


def _charts() -> Iterator[str]:
    yield heading("Splink: match weights")
    yield paragraph("Bits that each level adds to the odds, before the rarity of a value is weighed in.", is_note=True)
    yield chart_place("weights")
    yield heading("Splink: m and u")
    yield paragraph("How often duplicates fall on a level (m), and how often strangers do (u).", is_note=True)
    yield chart_place("parameters")


def _blocking(report: dict[str, Any]) -> Iterator[str]:
    yield heading("Pairs per blocking rule")
    columns = ("rule", "pairs", "new_pairs", "blocks_split", "records_left_out")
    rows = [[each[name] for name in columns] for each in report["blocking"]]
    names = ["rule", "pairs", "found by no rule before", "blocks split", "records left out"]
    yield table(names, rows, bar=2)
    for each in report["blocking"]:
        if each["warning"]:
            yield paragraph(each["warning"])


def card_rows(card: Card) -> list[tuple[str, str, float]]:
    """Return (term, what a pair has to show, points) of a card, terms in the model's order, strongest first in each."""
    words = {term.name: term.words for term in MODELS[card.object].terms if isinstance(term, Number)}
    rows: list[tuple[str, str, float]] = []
    for term in MODELS[card.object].terms:
        if term.name in words:
            found = [(term.name, f"for each unit: {words[term.name]}", card.numbers.get(term.name, 0.0))]
        else:
            found = [(term.name, name, points) for name, points in card.categories.get(term.name, {}).items()]
        rows += sorted((row for row in found if abs(row[2]) >= _NO_DIFFERENCE), key=lambda row: (-row[2], row[1]))
    return rows


def _card(card: Card) -> Iterator[str]:
    yield heading("The card: points of the second stage")
    yield paragraph(
        f"Natural log-odds. A pair starts with {card.intercept:+.2f}; the points of all that holds are added to it. "
        "The sum is the probability: 0 is one half, 3 is 95 in 100, -3 is 5 in 100.",
        is_note=True,
    )
    yield table(["term", "what a pair shows", "points"], card_rows(card), bar=2)


def _scores(report: dict[str, Any]) -> Iterator[str]:
    scores, bins = report["scores"], report["card"].get("calibration", [])
    yield heading("How scores spread")
    yield paragraph(f"{scores['sample']:,} of the {scores['pairs']:,} pairs that blocking found.", is_note=True)
    rows = [[f"{each['low']:g} to {each['high']:g}", each["pairs"]] for each in scores["probability"]]
    yield table(["probability", "pairs"], rows, bar=1)
    rows = [[f"{each['low']} to {each['high']}", each["pairs"]] for each in scores["match_weight"]]
    yield table(["Splink's weight, bits", "pairs"], rows, bar=1)
    yield heading("Do probabilities mean what they say?")
    if not bins:
        yield paragraph("There are too few labels to tell.")
        return
    yield paragraph("Labelled pairs, each judged by a card that has not seen it or its records.", is_note=True)
    rows = [
        [
            f"{each['low']:g} to {each['high']:g}",
            each["pairs"],
            each["predicted"],
            each["observed"],
            f"{each['observed_low']:.3f} to {each['observed_high']:.3f}",
        ]
        for each in bins
    ]
    yield table(["probability", "pairs", "predicted", "observed", "95 % interval of observed"], rows, bar=3)
