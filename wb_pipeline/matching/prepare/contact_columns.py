"""The select that makes prepared.contacts out of what was read. One expression per column, in the table's order."""

from __future__ import annotations

SELECT_CONTACTS = r"""
with located as (
    select
        contacts.*,
        coalesce(country_code, mail.region, own.region, '') as region,
        split_part(email_key, '@', 1) as mailbox,
        split_part(email_key, '@', 2) as mail_host,
        string_split(core_words, ' ')[1:12] as family_list,
        split_part(core_words, ' ', 1) as family_first
    from preparing_read as contacts
    left join top_levels as mail on mail.top_level = split_part(email_key, '.', -1)
    left join top_levels as own on own.top_level = split_part(own_host, '.', -1)
),
addressed as (
    select
        *,
        case
            when mail_host in ('gmail.com', 'googlemail.com') then replace(split_part(mailbox, '+', 1), '.', '')
            else split_part(mailbox, '+', 1)
        end as person_mailbox
    from located
),
full_rows as (
    select
        addressed.*, roots.root, roots.roots, families.word as family_known,
        phones.number as phone_number, mobiles.number as mobile_number,
        coalesce(phones.extension, mobiles.extension) as extension,
        role_names.name is not null as is_role
    from addressed
    left join given_names as roots on roots.word = given_word
    left join given_names as families on families.word = family_first
    left join preparing_phones as phones on phones.given = phone and phones.region = addressed.region
    left join preparing_phones as mobiles on mobiles.given = mobile and mobiles.region = addressed.region
    left join role_names on role_names.name = split_part(mailbox, '+', 1)
)
select
    object, record_id, fields_hash, is_live,
    given_word as given,
    coalesce(root, given_word) as given_root,
    case when given_word is not null then coalesce(roots, [given_word]) end as given_roots,
    left(given_word, 1) as given_initial,
    middle as middle_initial,
    replace(replace(replace(given_word, 'ae', 'a'), 'oe', 'o'), 'ue', 'u') as given_fold,
    replace(family_words, ' ', '') as family,
    family_first as family_core,
    replace(replace(replace(family_first, 'ae', 'a'), 'oe', 'o'), 'ue', 'u') as family_fold,
    family_list as family_tokens,
    suffix as name_suffix,
    nullif(array_to_string(list_sort(list_distinct(list_concat([given_word], family_list))), ' '), '') as name_key,
    given_word || ' ' || family_first as full_name,
    coalesce(family_known is not null, false) as is_name_swapped_possible,
    email_key as email,
    nullif(person_mailbox, '') as email_local,
    mail_host as email_domain,
    nullif(regexp_replace(person_mailbox, '[^a-z]', '', 'g'), '') as local_letters,
    nullif(
        list_filter(regexp_split_to_array(person_mailbox, '[._-]+')[1:12], lambda part: part != ''), []
    ) as local_tokens,
    coalesce(is_role, false) as is_role_email,
    phone_number as phone,
    mobile_number as mobile,
    nullif(list_sort(list_distinct([phone_number, mobile_number])), []) as phones,
    extension as phone_extension,
    slug as linkedin_slug,
    coalesce(nullif(regexp_replace(slug, '(-[0-9a-z]*[0-9][0-9a-z]*)+$', ''), ''), slug) as linkedin_stem,
    company_id,
    lower(company_name) as employer_text,
    employer_words as employer_core,
    string_split(employer_words, ' ') as employer_tokens,
    replace(employer_words, ' ', '') as employer_joined,
    own_host as employer_domain,
    title_key,
    string_split(title_key, ' ') as title_tokens,
    place as city,
    country_code as country,
    created_at, updated_at
from full_rows
"""
