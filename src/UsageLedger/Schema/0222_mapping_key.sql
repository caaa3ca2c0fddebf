-- The key by which a mapping would claim a record first, as a mapping is given it: the order is that of Mappings.cs.
create function ledger.mapping_key(attributes jsonb) returns text
language sql immutable parallel safe as $$
    select case
        when a.key like 'mapping.meta.%' then 'meta:' || substr(a.key, 14) || '=' || a.value
        when a.key = 'mapping.apikey' then 'apikey:' || a.value
        when a.key = 'mapping.number' then 'number:' || a.value
        else 'agent:' || a.value end
    from jsonb_each_text(attributes) a
    where a.key like 'mapping.meta.%' or a.key in ('mapping.apikey', 'mapping.number', 'mapping.agent')
    order by case when a.key like 'mapping.meta.%' then 0 when a.key = 'mapping.apikey' then 1 when a.key = 'mapping.number' then 2 else 3 end,
             a.key collate "C"
    limit 1
$$;
