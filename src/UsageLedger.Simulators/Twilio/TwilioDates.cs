using Microsoft.AspNetCore.Http;
using NodaTime;
using NodaTime.Text;

namespace UsageLedger.Simulators.Twilio;

/// <summary>The filters that a time has: <c>Name</c>, <c>Name&lt;</c> and <c>Name&gt;</c>, each a UTC date or an instant.</summary>
/// <param name="Before">Exclusive.</param>
internal sealed record TwilioDates(Instant? From, Instant? Before)
{
    private static readonly Instant[] None = [];

    /// <param name="upToIsInclusive">For messages the upper date is meant with it, for calls without.</param>
    /// <exception cref="FormatException">It is no date.</exception>
    public static TwilioDates Read(IQueryCollection query, string name, bool upToIsInclusive)
    {
        var (on, upTo, since) = (Span(query[name]), Span(query[name + "<"]), Span(query[name + ">"]));
        return new TwilioDates(
            Starts(on, since).DefaultIfEmpty(Instant.MinValue).Max(),
            (on is { } day ? [day.End] : None).Concat(upTo is { } end ? [upToIsInclusive ? end.End : end.Start] : None).DefaultIfEmpty(Instant.MaxValue).Min());
    }

    public bool Has(Instant at) => at >= From && at < Before;

    /// <exception cref="FormatException">It is no date.</exception>
    public static LocalDate Date(string text) => LocalDatePattern.Iso.Parse(text).GetValueOrThrowFormat();

    private static IEnumerable<Instant> Starts(Interval? on, Interval? since) => (on is { } day ? [day.Start] : None).Concat(since is { } from ? [from.Start] : None);

    /// <summary>A date is the whole day, an instant its second.</summary>
    private static Interval? Span(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        if (LocalDatePattern.Iso.Parse(text) is { Success: true, Value: var date })
        {
            return new Interval(date.AtMidnight().InUtc().ToInstant(), date.PlusDays(1).AtMidnight().InUtc().ToInstant());
        }

        var instant = OffsetDateTimePattern.ExtendedIso.Parse(text).GetValueOrThrowFormat().ToInstant();
        return new Interval(instant, instant + Duration.FromSeconds(1));
    }
}
