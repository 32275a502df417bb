"""Phone numbers in E.164 by SQL over distinct numbers. Whether a number is in use, and whose it is, nobody knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wb_pipeline.matching.prepare.lookups import write_lookup
from wb_pipeline.matching.prepare.phone_regions import code_pattern, register_regions
from wb_pipeline.normalize.letters import latin

if TYPE_CHECKING:
    import duckdb

_EXTENSION = r"(?:;?\s*ext(?:ension)?[.:=]?|\bx|#|durchwahl|\bdw|\bapp\.?)\s*[.:]?\s*([0-9]{1,7})\s*$"
_FOREIGN = "select distinct given as text from preparing_numbers where not regexp_full_match(given, '[ -~]*')"
# The digits as dialled, and whether the calling code leads them; (0) is a trunk prefix that is not dialled from abroad.
_DIALLED = """
create or replace temp table preparing_phones as
with cut as (
    select
        numbers.given, numbers.region, regions.code, regions.trunk, regions.lengths,
        coalesce(regions.abroad, '00') as abroad,
        lower(coalesce(folded.latin, numbers.given)) as text
    from preparing_numbers as numbers
    left join preparing_latin_phones as folded on folded.text = numbers.given
    left join phone_regions as regions on regions.region = numbers.region
),
bodies as (
    select
        *, nullif(regexp_extract(text, '{extension}', 1), '') as extension,
        replace(regexp_replace(text, '{extension}', ''), '(0)', '') as body
    from cut
),
digits as (
    select
        *, regexp_replace(body, '[^0-9]', '', 'g') as digits,
        starts_with(regexp_replace(body, '^[^0-9+]*', ''), '+') as has_plus
    from bodies
),
dialled as (
    select
        * exclude (digits),
        case
            when has_plus then regexp_replace(digits, '^00', '')
            when starts_with(digits, abroad) and length(digits) > length(abroad) + 7
                then substr(digits, length(abroad) + 1)
            when starts_with(digits, '00') then substr(digits, 3)
        end as abroad_digits,
        digits
    from digits
),
coded as (
    select *, regexp_extract(abroad_digits, '{codes}') as own_code from dialled
),
national as (
    select
        coded.given, coded.region, coded.extension, coded.digits, codes.code is not null as is_abroad,
        coalesce(codes.code, coded.code) as code,
        case when codes.code is not null then codes.trunk else coded.trunk end as trunk,
        case when codes.code is not null then codes.lengths else coded.lengths end as lengths,
        case
            when codes.code is not null then substr(coded.abroad_digits, length(codes.code) + 1) else coded.digits
        end as number
    from coded left join phone_codes as codes on codes.code = coded.own_code
),
stripped as (
    select
        *,
        case
            when starts_with(number, trunk)
                and (trunk = '0' or not list_contains(lengths, length(number)))
                and length(number) - length(trunk) >= lengths[1]
                then substr(number, length(trunk) + 1)
            -- Written with a zero where there is none to dial.
            when starts_with(number, '0')
                and not list_contains(lengths, length(number)) and list_contains(lengths, length(number) - 1)
                then substr(number, 2)
            else number
        end as significant
    from national
)
select
    given, region, extension,
    case
        when length(significant) < 5 or length(significant) > 17 then null
        when code is null or length(significant) < lengths[1] then 'n:' || nullif(ltrim(significant, '0'), '')
        else '+' || code || significant
    end as number
from stripped
"""


def write_phones(con: duckdb.DuckDBPyConnection, numbers: str) -> None:
    """Write the temporary table `preparing_phones` for a query of distinct (given, region).

    Grain: (given, region): given (text), region (alpha-2, '' = unknown), extension (digits), number: E.164, or
    `n:` and the national digits where no country is known or they are too few, or NULL (fewer than five digits).
    A number of a length that its country does not have is kept: it may be one keystroke away from another.
    """
    register_regions(con)
    con.execute(f"create or replace temp table preparing_numbers as {numbers}")
    write_lookup(con, "preparing_latin_phones", _FOREIGN, lambda text: (latin(text),), ("latin",))
    con.execute(_DIALLED.format(extension=_EXTENSION, codes=code_pattern()))
