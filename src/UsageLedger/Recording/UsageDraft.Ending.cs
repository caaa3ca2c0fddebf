using NodaTime;

namespace UsageLedger.Recording;

/// <content>What needs the whole record: defaults, what is missing, the cost.</content>
internal sealed partial class UsageDraft
{
    private static readonly UsageMember[] RequiredTexts =
        [UsageMember.IdempotencyKey, UsageMember.Provider, UsageMember.Metric, UsageMember.Unit];

    /// <summary>The record, or all that is wrong with it.</summary>
    public ParsedUsage End()
    {
        FillIn();
        Require();
        var attributes = SortedAttributes();
        PriceIt();
        return problems.Count > 0
            ? new ParsedUsage(null, false, problems)
            : new ParsedUsage(Make(attributes), revision, []);
    }

    private UsageRecord Make(NamedText[] attributes) => new()
    {
        Source = texts[(int)UsageMember.Source]!,
        IdempotencyKey = texts[(int)UsageMember.IdempotencyKey]!,
        Provider = texts[(int)UsageMember.Provider]!,
        Metric = texts[(int)UsageMember.Metric]!,
        Quantity = numbers[(int)UsageMember.Quantity]!.Value,
        Unit = texts[(int)UsageMember.Unit]!,
        UnitCost = numbers[(int)UsageMember.UnitCost],
        Cost = numbers[(int)UsageMember.Cost],
        Currency = texts[(int)UsageMember.Currency]!,
        ClientId = texts[(int)UsageMember.ClientId],
        AgentId = texts[(int)UsageMember.AgentId],
        ResourceId = texts[(int)UsageMember.ResourceId],
        OccurredAt = occurredAt ?? Microseconds(now),
        OccurredAtAssumed = occurredAt is null,
        Attributes = attributes
    };

    private void FillIn()
    {
        Default(UsageMember.Source, defaults.Source);
        Default(UsageMember.Currency, Currencies.Default);
        Default(UsageMember.ClientId, defaults.ClientId);
        Default(UsageMember.Provider, defaults.Provider);
        Default(UsageMember.Unit, defaults.Unit);
        if (!Given(UsageMember.Quantity))
        {
            numbers[(int)UsageMember.Quantity] = defaults.Quantity;
        }

        if (defaults.SourceIsFixed && texts[(int)UsageMember.Source] is { } source && source != defaults.Source)
        {
            Refuse(UsageMember.Source, (Refusals.OtherSource, "names another source than the one that is imported; import it apart"));
        }
    }

    private void Default(UsageMember member, string? value)
    {
        if (!Given(member))
        {
            texts[(int)member] = value;
        }
    }

    private void Require()
    {
        foreach (var member in RequiredTexts)
        {
            Require(member, texts[(int)member] is not null);
        }

        Require(UsageMember.Quantity, numbers[(int)UsageMember.Quantity] is not null);
        Require(UsageMember.OccurredAt, occurredAt is not null || defaults.AssumeReceipt);
    }

    private void Require(UsageMember member, bool there)
    {
        if (!there && !Given(member))
        {
            Refuse(member, (Refusals.MissingMember, "is required"));
        }
    }

    /// <summary>A cost that is given stands; else it is the exact product, if there is a unit cost.</summary>
    private void PriceIt()
    {
        ref var unitCost = ref numbers[(int)UsageMember.UnitCost];
        if (Given(UsageMember.Cost) || numbers[(int)UsageMember.Quantity] is not { } quantity)
        {
            return;
        }

        if (!Given(UsageMember.UnitCost) && texts[(int)UsageMember.Metric] is { } metric
            && defaults.UnitCosts.TryGetValue(metric, out var price))
        {
            unitCost = price;
        }

        if (unitCost is { } each)
        {
            numbers[(int)UsageMember.Cost] = ExactProduct.Of(quantity, each);
            if (numbers[(int)UsageMember.Cost] is null)
            {
                Refuse(UsageMember.UnitCost, (Refusals.CostOutOfRange,
                    "times the quantity has more than 28 digits or 28 decimals; send the cost, or a shorter unit cost"));
            }
        }
    }

    private NamedText[] SortedAttributes()
    {
        if (attributes.Count == 0)
        {
            return [];
        }

        if (attributes.Count > TextRules.AttributesMax)
        {
            Refuse(UsageMember.Attributes, (Refusals.TooManyAttributes, $"must not hold more than {TextRules.AttributesMax} members"));
        }

        var sorted = attributes.ToArray();
        Array.Sort(sorted, static (left, right) => string.CompareOrdinal(left.Name, right.Name));
        var repeated = false;
        for (var index = 1; index < sorted.Length; index++)
        {
            repeated |= sorted[index] == sorted[index - 1];
            if (sorted[index].Name == sorted[index - 1].Name && sorted[index].Value != sorted[index - 1].Value)
            {
                Refuse(UsageMember.Attributes, (Refusals.AttributeNamedTwice, "must not share a name with another attribute; rename one"));
                break;
            }
        }

        return repeated ? [.. sorted.Distinct()] : sorted;
    }

    private bool Given(UsageMember member) => (given & (1u << (int)member)) != 0;

    private static Instant Microseconds(Instant instant)
    {
        var ticks = instant.ToUnixTimeTicks();
        return Instant.FromUnixTimeTicks(ticks - (ticks % 10));
    }
}
