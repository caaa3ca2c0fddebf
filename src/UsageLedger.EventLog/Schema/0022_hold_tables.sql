-- Takes the read tables as an exchange of them does, to the end of the transaction or of the savepoint.
create function ledger.hold_tables(tables text[]) returns void language plpgsql as $$
declare
    t text;
begin
    foreach t in array tables loop
        execute format('lock table read.%I in access exclusive mode', t);
    end loop;
end $$;
