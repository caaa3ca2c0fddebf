using NodaTime;
using UsageLedger.Simulators.World;

namespace UsageLedger.Simulators.OpenRouter;

/// <summary>Draws the generations of a world: cached and reasoning tokens, a tenth paid by the platform's own contract.</summary>
internal static class GenerationDrawing
{
    public static IReadOnlyList<Generation> Draw(WorldPlan plan, SimDirectory directory)
    {
        var dice = Dice.For(plan.Seed, "generations");
        return [.. Enumerable.Range(0, plan.Generations).Select(_ => One(plan, directory, dice)).OrderBy(made => made.EndedAt).ThenBy(made => made.Id, StringComparer.Ordinal)];
    }

    private static Generation One(WorldPlan plan, SimDirectory directory, Dice dice)
    {
        var took = Duration.FromMilliseconds(dice.Between(300, 20_000));
        var endedAt = WorkingHours.Draw(dice, plan.From + took, plan.To);
        var prompt = dice.Between(50, dice.PerMille(200) ? 60_000 : 4_000);
        var completion = dice.Between(1, 1_500);
        return new Generation(
            $"gen-{(endedAt - took).ToUnixTimeSeconds()}-{dice.Letters(20)}", dice.Pick(directory.Agents), dice.Pick(SimModel.All), endedAt - took, endedAt,
            endedAt + dice.Within(Duration.FromSeconds(60)), prompt, dice.PerMille(300) ? dice.Between(0, prompt) : 0,
            completion, dice.PerMille(250) ? dice.Between(0, completion) : 0, dice.PerMille(100), dice.PerMille(800), Caller.Words(dice, "prompt"));
    }
}
