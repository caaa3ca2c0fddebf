using UsageLedger.Simulators.OpenRouter;
using UsageLedger.Simulators.Retell;
using UsageLedger.Simulators.Twilio;

namespace UsageLedger.Simulators.World;

/// <summary>A world of made-up usage, whole from the start; time only uncovers it.</summary>
/// <param name="RetellCalls">Each list in the order of time.</param>
public sealed record SimWorld(
    WorldPlan Plan, SimDirectory Directory, IReadOnlyList<RetellCall> RetellCalls, IReadOnlyList<TwilioMessage> Messages,
    IReadOnlyList<TwilioCall> TwilioCalls, IReadOnlyList<Generation> Generations)
{
    /// <exception cref="ArgumentException">The plan cannot be a world.</exception>
    public static SimWorld Draw(WorldPlan plan)
    {
        plan.Checked();
        var directory = SimDirectory.Draw(plan);
        var calls = RetellCallDrawing.Draw(plan, directory);
        return new SimWorld(
            plan, directory, calls,
            TwilioMessageDrawing.Draw(plan, directory),
            TwilioCallDrawing.Draw(plan, directory, calls),
            GenerationDrawing.Draw(plan, directory));
    }
}
