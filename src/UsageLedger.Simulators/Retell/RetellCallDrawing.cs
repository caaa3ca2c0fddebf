using NodaTime;
using UsageLedger.Simulators.World;

namespace UsageLedger.Simulators.Retell;

/// <summary>Draws the calls of a world: phone and web, connected or not, handed on or not, on own numbers or Retell's.</summary>
internal static class RetellCallDrawing
{
    private const int SecondsMin = 10;
    private const int TokensFree = 3_500;

    /// <summary>Whether the end of a call tells its cost is not documented: half do.</summary>
    private const int KnownAtEnd = 500;

    private static readonly (string Name, decimal UnitPrice)[] Voices = [("elevenlabs_tts", 0.1167m), ("cartesia_tts", 0.0250m), ("openai_tts", 0.0133m)];
    private static readonly (string Name, decimal UnitPrice)[] Models = [("gpt_4_1", 0.0750m), ("gpt_4_1_mini", 0.0267m), ("claude_4_5_sonnet", 0.1333m)];
    private static readonly (string Name, decimal UnitPrice) Engine = ("retell_voice_engine", 0.0917m);
    private static readonly (string Name, decimal UnitPrice) Telephony = ("retell_twilio_telephony", 0.0250m);
    private static readonly string[] Hangups = ["user_hangup", "agent_hangup", "inactivity", "voicemail_reached"];
    private static readonly string[] Failures = ["dial_failed", "dial_busy", "dial_no_answer"];

    public static IReadOnlyList<RetellCall> Draw(WorldPlan plan, SimDirectory directory)
    {
        var dice = Dice.For(plan.Seed, "retell");
        return [.. Enumerable.Range(0, plan.Calls).Select(_ => One(plan, directory, dice)).OrderBy(call => call.StartedAt).ThenBy(call => call.CallId, StringComparer.Ordinal)];
    }

    private static RetellCall One(WorldPlan plan, SimDirectory directory, Dice dice)
    {
        var isPhone = dice.PerMille(750);
        var isConnected = !isPhone || dice.PerMille(930);
        var seconds = !isConnected ? 0 : dice.PerMille(50) ? dice.Between(1, SecondsMin) : dice.Between(20, 900);
        var duration = Duration.FromMilliseconds(isConnected ? seconds * 1_000L + dice.Below(1_000) : 0);
        var endedAt = WorkingHours.Draw(dice, plan.From + (duration < (plan.To - plan.From) / 2 ? duration : Duration.Zero), plan.To);
        var tokens = Tokens(dice, seconds);
        Instant? transferEndedAt = isPhone && isConnected && dice.PerMille(120) ? endedAt + Duration.FromSeconds(dice.Between(30, 1_200)) : null;
        var telephony = isPhone ? dice.PerMille(400) ? "own" : "retell" : "none";
        var billed = Billed(seconds, tokens);
        return new RetellCall(
            "call_" + dice.Hex(28), isPhone ? RetellCall.Phone : RetellCall.Web, isPhone ? dice.PerMille(600) ? "inbound" : "outbound" : null,
            dice.Pick(directory.Agents), dice.Between(0, 4), Caller.Draw(dice), endedAt - duration, endedAt, transferEndedAt,
            !isConnected ? "not_connected" : dice.PerMille(15) ? "error" : "ended",
            !isConnected ? dice.Pick(Failures) : transferEndedAt is null ? dice.Pick(Hangups) : "call_transfer",
            billed, isConnected ? Products(dice, billed, endedAt, transferEndedAt, telephony == "retell") : [], tokens,
            telephony == "none" ? null : "CA" + dice.Hex(32), telephony == "own", dice.PerMille(500), Caller.Words(dice, "transcript"));
    }

    /// <summary>At least ten seconds, and more where prompts are long: what is charged is not what the call lasted.</summary>
    private static int Billed(int seconds, IReadOnlyList<int> tokens) =>
        seconds == 0 ? 0 : Math.Max(SecondsMin, tokens.Max() <= TokensFree ? seconds : (seconds * tokens.Max() + TokensFree - 1) / TokensFree);

    private static IReadOnlyList<int> Tokens(Dice dice, int seconds) =>
        seconds == 0 ? [] : [.. Enumerable.Range(0, 1 + seconds / 20).Select(_ => dice.Between(400, dice.PerMille(30) ? 5_500 : TokensFree))];

    private static List<RetellProduct> Products(Dice dice, int seconds, Instant endedAt, Instant? transferEndedAt, bool carriesTelephony)
    {
        var drawn = SimPrice.Draw(dice, 1, endedAt);
        var main = dice.PerMille(KnownAtEnd) ? drawn with { KnownAt = endedAt } : drawn;
        var products = new List<RetellProduct> { Of(Engine, seconds, main), Of(dice.Pick(Voices), seconds, main), Of(dice.Pick(Models), seconds, main) };
        if (carriesTelephony)
        {
            products.Add(Of(Telephony, seconds, main));
        }

        if (transferEndedAt is { } transferred)
        {
            var leg = (int)(transferred - endedAt).TotalSeconds;
            products.Add(Of(Telephony, leg, SimPrice.Draw(dice, 1, transferred)) with { IsTransferLeg = true });
        }

        return products;
    }

    private static RetellProduct Of((string Name, decimal UnitPrice) product, int seconds, SimPrice when)
    {
        var cost = product.UnitPrice * seconds;
        return new RetellProduct(product.Name, product.UnitPrice, seconds, when with { Final = cost, First = decimal.Round(cost * 9 / 10, 4) }, false);
    }
}
