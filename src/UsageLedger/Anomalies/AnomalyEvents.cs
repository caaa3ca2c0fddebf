using System.Globalization;
using NodaTime;
using UsageLedger.EventLog;
using UsageLedger.EventLog.Appending;
using UsageLedger.EventLog.Proof;

namespace UsageLedger.Anomalies;

/// <summary>What the judging of hours leaves in the log. The same hour judged again gives the same ids, so that nothing is told twice.</summary>
public static class AnomalyEvents
{
    /// <param name="position">Up to where the log was known when the hour was judged.</param>
    public static NewEvent Opened(string tenant, AnomalyLine line, Finding found, Instant hour, long position)
    {
        var json = new CanonicalJsonWriter().StartObject();
        Optional(json, "agentId", line.AgentId);
        json.Member("came", AnomalySentence.Number(found.Came));
        Optional(json, "clientId", line.ClientId);
        Optional(json, "currency", line.Currency);
        json.Member("expected", AnomalySentence.Number(found.Expected))
            .Member("hour", Rfc3339.Format(hour))
            .Member("kind", found.Kind);
        Optional(json, "metric", line.Metric);
        json.Member("position", Text(position));
        Optional(json, "provider", line.Provider);
        json.Member("quiet", found.IsQuiet ? "true" : "false")
            .Member("sentence", AnomalySentence.Opened(line, found, hour))
            .Member("since", Rfc3339.Format(AnomalySentence.Since(found, hour)));
        Optional(json, "sourceId", line.SourceId);
        Optional(json, "unit", line.Unit);
        return new NewEvent(IdOf(tenant, line, found.Kind, hour), line.Stream, EventTypes.AnomalyOpened, json.EndObject().Take());
    }

    public static NewEvent Resolved(string tenant, OpenAnomaly over, Instant hour, bool hasLasted, long position)
    {
        var json = new CanonicalJsonWriter().StartObject().Member("anomalyId", over.Id.ToString());
        Optional(json, "clientId", over.Line.ClientId);
        json.Member("hour", Rfc3339.Format(hour))
            .Member("outcome", hasLasted ? "lasting" : "over")
            .Member("position", Text(position))
            .Member("sentence", AnomalySentence.Resolved(over.Line, over.Kind, over.Hour, hour, hasLasted));
        Optional(json, "sourceId", over.Line.SourceId);
        return new NewEvent(
            DeterministicId.Of(EventTypes.AnomalyResolved, tenant, over.Id.ToString()), over.Line.Stream, EventTypes.AnomalyResolved, json.EndObject().Take());
    }

    public static Guid IdOf(string tenant, AnomalyLine line, string kind, Instant hour) =>
        DeterministicId.Of([EventTypes.AnomalyOpened, tenant, .. line.Parts(), kind, Rfc3339.Format(hour)]);

    internal static void Optional(CanonicalJsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.Member(name, value);
        }
    }

    internal static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
