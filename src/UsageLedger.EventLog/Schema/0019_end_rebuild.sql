-- Puts the rebuilt tables in the place of the old ones. Readers see the one or the other, never neither.
create function ledger.end_rebuild(tables text[]) returns void language plpgsql as $$
declare t text;
begin
    foreach t in array tables loop
        execute format('drop table read.%I', t);
        execute format('alter table read_next.%I set schema read', t);
    end loop;
end $$;
