-- Rows that stand only in the live table ('live') or only in the rebuilt one ('rebuilt'); at most row_limit of each table are listed.
create function ledger.rebuild_differences(tables text[], row_limit bigint)
returns table (table_name text, side text, row_text text, total bigint) language plpgsql as $$
declare t text;
begin
    foreach t in array tables loop
        return query execute format($q$
            with differing as (
                (select 'live' as side, l::text as row_text from (table read.%1$I except all table read_next.%1$I) l)
                union all
                (select 'rebuilt', r::text from (table read_next.%1$I except all table read.%1$I) r))
            select %1$L, d.side, d.row_text, count(*) over () from differing d order by d.row_text, d.side limit $1 $q$, t)
            using row_limit;
    end loop;
end $$;
