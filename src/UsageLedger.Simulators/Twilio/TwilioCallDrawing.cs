using NodaTime;
using UsageLedger.Simulators.Retell;
using UsageLedger.Simulators.World;

namespace UsageLedger.Simulators.Twilio;

/// <summary>Draws the calls of a world: the legs that Retell's calls on own numbers made, others, and their child legs.</summary>
internal static class TwilioCallDrawing
{
    private const decimal InboundRate = 0.0085m;
    private const decimal OutboundRate = 0.0140m;
    private static readonly string[] Failures = ["busy", "no-answer", "failed", "canceled"];

    public static IReadOnlyList<TwilioCall> Draw(WorldPlan plan, SimDirectory directory, IReadOnlyList<RetellCall> retell)
    {
        var dice = Dice.For(plan.Seed, "calls");
        var calls = retell.Where(call => call is { OnOwnNumber: true, IsConnected: true }).SelectMany(call => OfRetell(directory, dice, call))
            .Concat(Enumerable.Range(0, plan.TwilioCalls).SelectMany(_ => One(plan, directory, dice)));
        return [.. calls.OrderBy(call => call.StartedAt).ThenBy(call => call.Sid, StringComparer.Ordinal)];
    }

    /// <summary>The leg that Retell names, and the one it was handed on to.</summary>
    private static IEnumerable<TwilioCall> OfRetell(SimDirectory directory, Dice dice, RetellCall call)
    {
        var leg = Leg(
            directory, dice, call.TwilioCallSid!, null, call.Agent, call.Caller, call.Direction == "inbound" ? "inbound" : "outbound-api",
            call.StartedAt, call.TransferEndedAt ?? call.EndedAt);
        yield return leg;
        if (call.TransferEndedAt is { } transferred)
        {
            yield return Leg(directory, dice, "CA" + dice.Hex(32), leg.Sid, call.Agent, Caller.Draw(dice), "outbound-dial", call.EndedAt, transferred);
        }
    }

    private static IEnumerable<TwilioCall> One(WorldPlan plan, SimDirectory directory, Dice dice)
    {
        var agent = dice.Pick(directory.Agents);
        var endedAt = WorkingHours.Draw(dice, plan.From + Duration.FromMinutes(20), plan.To);
        var direction = dice.PerMille(500) ? "inbound" : "outbound-api";
        var startedAt = endedAt - Duration.FromSeconds(dice.Between(5, 900));
        var leg = Leg(directory, dice, "CA" + dice.Hex(32), null, agent, Caller.Draw(dice), direction, startedAt, endedAt);
        if (direction != "inbound" && dice.PerMille(150))
        {
            yield return leg with { Status = dice.Pick(Failures), StartedAt = leg.EndedAt, Price = null };
            yield break;
        }

        yield return leg;
        if (dice.PerMille(200) && leg.Seconds > 10)
        {
            yield return Leg(directory, dice, "CA" + dice.Hex(32), leg.Sid, agent, Caller.Draw(dice), "outbound-dial", startedAt + Duration.FromSeconds(8), endedAt);
        }
    }

    private static TwilioCall Leg(
        SimDirectory directory, Dice dice, string sid, string? parent, SimAgent agent, Caller caller, string direction, Instant startedAt, Instant endedAt)
    {
        var (start, end) = (Whole(startedAt), Whole(endedAt));
        var call = new TwilioCall(sid, parent, agent.Account, directory.HolderOf(agent, end), agent.Number, caller, direction, "completed", start, end, null);
        return call with { Price = SimPrice.Draw(dice, -(call.IsInbound ? InboundRate : OutboundRate) * call.Minutes, end) };
    }

    private static Instant Whole(Instant at) => Instant.FromUnixTimeSeconds(at.ToUnixTimeSeconds());
}
