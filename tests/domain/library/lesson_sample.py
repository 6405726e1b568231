"""One small, sound lesson."""

PATH = "content/courses/crossing-the-threshold/two-roles.md"

LESSON = """\
---
id: two-roles
title: Two roles, one order
summary: Who does what.
objective: You can hand over a lead in writing.
competencies: [C4, C2]
level: 1
seeds: [S0-9]
minutes: 12
prerequisites: [crossing-the-threshold/b2b-against-b2c]
sources:
  - {title: "Oldroyd et al., Harvard Business Review", year: 2011}
quiz: [C4-Q11, C2-P01]
---
The opening paragraph, with a [link](lesson:trade-practice/who-pays).

## First section

![An order, step by step](figures/order-timeline.svg "Caption")

/// case | A case
Text with `code <b>` and 3 < 4.
///

## Second section

/// check | Whose risk is it?
- [ ] The seller's :: Cost moves, risk does not.
- [x] The buyer's, since the goods
  were loaded :: Risk passed on board.
///

## Third section

The end.
"""
