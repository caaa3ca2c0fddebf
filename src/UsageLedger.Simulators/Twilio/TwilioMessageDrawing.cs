using NodaTime;
using UsageLedger.Simulators.World;

namespace UsageLedger.Simulators.Twilio;

/// <summary>Draws the messages of a world: in and out, text and media, delivered, failed with a fee, failed free.</summary>
internal static class TwilioMessageDrawing
{
    private const decimal FailedFee = 0.001m;
    private static readonly int[] FeeErrors = [30003, 30005, 30006];
    private static readonly int[] FreeErrors = [21610, 30007];
    private static readonly decimal[] CarrierFees = [0.0025m, 0.0030m, 0.0035m, 0.0045m];

    public static IReadOnlyList<TwilioMessage> Draw(WorldPlan plan, SimDirectory directory)
    {
        var dice = Dice.For(plan.Seed, "messages");
        return [.. Enumerable.Range(0, plan.Messages).Select(_ => One(plan, directory, dice)).OrderBy(message => message.SentAt).ThenBy(message => message.Sid, StringComparer.Ordinal)];
    }

    private static TwilioMessage One(WorldPlan plan, SimDirectory directory, Dice dice)
    {
        var agent = dice.Pick(directory.Agents);
        var sentAt = Whole(WorkingHours.Draw(dice, plan.From, plan.To));
        var isInbound = dice.PerMille(350);
        var (status, error) = isInbound ? ("received", (int?)null) : Fate(dice);
        var media = dice.PerMille(120) ? dice.Between(1, 3) : 0;
        var segments = media > 0 ? 1 : dice.Between(1, dice.PerMille(200) ? 6 : 2);
        var fee = dice.Pick(CarrierFees);
        var price = status != "failed" ? -Rate(media, isInbound) * segments - (isInbound ? 0 : fee * segments)
            : FeeErrors.Contains(error!.Value) ? -FailedFee : (decimal?)null;
        return new TwilioMessage(
            (media > 0 ? "MM" : "SM") + dice.Hex(32), agent.Account, directory.HolderOf(agent, sentAt), agent.Number, Caller.Draw(dice),
            isInbound ? "inbound" : dice.PerMille(300) ? "outbound-reply" : "outbound-api", status, error,
            sentAt - Duration.FromSeconds(dice.Between(0, 5)), sentAt, segments, media,
            !isInbound && dice.PerMille(400) ? "MG" + dice.Hex(32) : null, Caller.Words(dice, "body"),
            price is { } charged ? SimPrice.Draw(dice, charged, sentAt) : null);
    }

    private static (string Status, int? Error) Fate(Dice dice) => dice.Below(1_000) switch
    {
        < 30 => ("failed", dice.Pick(FeeErrors)),
        < 40 => ("failed", dice.Pick(FreeErrors)),
        < 70 => ("undelivered", 30008),
        < 200 => ("sent", null),
        _ => ("delivered", null)
    };

    private static decimal Rate(int media, bool isInbound) => media > 0 ? isInbound ? 0.0165m : 0.0220m : isInbound ? 0.0075m : 0.0083m;

    private static Instant Whole(Instant at) => Instant.FromUnixTimeSeconds(at.ToUnixTimeSeconds());
}
