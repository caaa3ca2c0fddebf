using NodaTime;
using UsageLedger.Answering;
using UsageLedger.Cycles.Calendar;
using UsageLedger.Recording;

namespace UsageLedger.Reconciling.Invoices;

/// <summary>Reads an invoice from the members of a JSON object; a CSV file is made into one first.</summary>
internal static class InvoiceReader
{
    private static readonly Duration PeriodMax = Duration.FromDays(400);
    private static readonly Duration Quarter = Duration.FromMinutes(15);

    /// <returns>The invoice, and whether it may take the place of another content; or what is wrong.</returns>
    public static (ProviderInvoice? Invoice, bool Revision, Problem? Problem) Read(CommandFields fields)
    {
        var (provider, source, number) = (fields.RequiredText("provider"), fields.Id("sourceId"), fields.RequiredText("number"));
        var zone = Zone(fields);
        var (start, end) = Period(fields, zone);
        var currency = fields.Text("currency") ?? Currencies.Default;
        if (!Currencies.Contains(currency))
        {
            fields.Refuse("currency", "unknown_currency", "must be a code of ISO 4217 in capital letters");
        }

        var total = fields.Number("total");
        var revision = fields.Flag("revision") ?? false;
        if (!fields.Has("lines"))
        {
            fields.Refuse("lines", Refusals.MissingMember, "is missing");
        }

        var lines = InvoiceLineReader.Read(fields.Children("lines", ProviderInvoice.LinesMax), zone, start, end);
        return fields.Problem() is { } problem
            ? (null, false, problem)
            : (new ProviderInvoice(provider, source, number, start, end, zone.Id, currency, total, lines), revision, null);
    }

    private static DateTimeZone Zone(CommandFields fields)
    {
        var name = fields.Text("timeZone") ?? DateTimeZone.Utc.Id;
        if (DateTimeZoneProviders.Tzdb.GetZoneOrNull(name) is { } zone)
        {
            return zone;
        }

        fields.Refuse("timeZone", "unknown_time_zone", "must be an IANA time zone such as America/New_York");
        return DateTimeZone.Utc;
    }

    private static (Instant Start, Instant End) Period(CommandFields fields, DateTimeZone zone)
    {
        var (start, end) = (End(fields, "periodStart", zone), End(fields, "periodEnd", zone));
        if (start >= end)
        {
            fields.Refuse("periodEnd", "period_not_after_start", "must be after periodStart; it is the first day, or instant, that is not within");
        }
        else if (end - start > PeriodMax)
        {
            fields.Refuse("periodEnd", "period_too_long", $"must not be more than {PeriodMax.Days} days after periodStart");
        }

        return (start ?? default, end ?? default);
    }

    private static Instant? End(CommandFields fields, string name, DateTimeZone zone)
    {
        var date = DateBounds.Day(fields.RequiredText(name));
        if (date is { } day && DateBounds.Hold(day))
        {
            return day.StartIn(zone);
        }

        var given = date is null ? fields.Instant(name) : null;
        if (date is not null || (given is { } at && !DateBounds.Hold(at)))
        {
            fields.Refuse(name, DateBounds.Code, DateBounds.Rule);
            return null;
        }

        if (given is not { } instant)
        {
            return null;
        }

        if (instant.ToUnixTimeTicks() % Quarter.BclCompatibleTicks != 0)
        {
            fields.Refuse(name, "not_on_quarter_hour", "must be a date, or an instant on a quarter hour, as days of every time zone begin on one");
        }

        return instant;
    }
}
