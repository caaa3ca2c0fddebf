-- An attribute as an amount, and 0 for one that is none: attributes are texts that nobody has judged.
create function ledger.told_amount(told text) returns numeric
language sql immutable parallel safe as $$
    select case when told ~ '^[0-9]{1,12}(\.[0-9]{1,15})?$' then told::numeric else 0 end
$$;
