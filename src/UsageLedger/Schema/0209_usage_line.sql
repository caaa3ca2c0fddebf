-- The hash of the names that make a line of a read model; no two lists of names read the same.
create function ledger.usage_line(variadic names text[]) returns bytea
language sql immutable parallel safe as $$
    select substr(sha256(convert_to(to_jsonb(names)::text, 'UTF8')), 1, 16)
$$;
