{# How claims of confidence are held against what became of them (CNF-3). #}

{# The band of ten points that a claim falls in; 90 holds 90 to 100. #}
{% macro confidence_band(confidence) -%}
    cast(least(90, greatest(0, 10 * floor({{ confidence }} / 10))) as integer)
{%- endmacro %}

{# True where a gate that looks at what is claimed denied it, or a person said that it is wrong. Erased objections count against the claim; what another tool
   logged before is true, and only repeats (LOG-1). #}
{% macro is_claim_refuted(change) -%}
    (
        coalesce({{ change }}.lane = 'deny', false)
        and coalesce(regexp_matches(
            replace({{ change }}.objections, 'gate_activity__already_logged', ''),
            '"gate":"gate_(contract|identity|evidence|activity)__[a-z_]+","verdict":"(deny|quarantine)"'
        ), true)
        or coalesce({{ change }}.standing = 'rejected', false)
    )
{%- endmacro %}

{# True where nothing but the confidence itself stopped it: else a source that is held to its record could never mend it. #}
{% macro is_claim_standing(change) -%}
    (
        (
            coalesce({{ change }}.lane in ('auto', 'suggest', 'review'), false)
            -- A "no, not now" does not make it wrong.
            and {{ change }}.standing is distinct from 'rejected'
        )
        or (
            coalesce({{ change }}.lane = 'deny', false)
            and len(regexp_extract_all({{ change }}.objections, '"gate":"gate_[a-z_]+","verdict":"deny"'))
            = len(regexp_extract_all({{ change }}.objections, '"gate":"gate_confidence__[a-z_]+","verdict":"deny"'))
        ) is true
    )
{%- endmacro %}

{# Wilson's bounds of a share at 95 percent, 0 to 100: what `good` of `all` may be at most (sign +) or at least (sign -). #}
{% macro wilson_bound(good, all, sign) -%}
    100 * (
        {{ good }} + 1.9208 {{ sign }} 1.96 * sqrt({{ good }} * ({{ all }} - {{ good }}) / cast({{ all }} as double) + 0.9604)
    ) / ({{ all }} + 3.8416)
{%- endmacro %}
