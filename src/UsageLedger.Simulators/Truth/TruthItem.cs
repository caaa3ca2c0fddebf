namespace UsageLedger.Simulators.Truth;

/// <summary>One item of the true bill, in the vendor's own terms; every number an exact string.</summary>
/// <param name="Provider"><c>retell</c>, <c>twilio</c> or <c>openrouter</c>.</param>
/// <param name="Account">The vendor account that is charged; of Twilio the account SID.</param>
/// <param name="NativeId">The vendor's id of the call, message or generation.</param>
/// <param name="Kind"><c>product</c>, <c>message</c>, <c>call</c> or <c>generation</c>.</param>
/// <param name="Part">Of a call at Retell: the product's name.</param>
/// <param name="IsTransferLeg">The product is of the leg that the call was handed on to.</param>
/// <param name="MappingKeys">What the vendor's record names its user by, as mappings write it.</param>
/// <param name="Cost">Dollars that the vendor charges in the end; null: it never states a price.</param>
/// <param name="FinalAt">From when on the vendor tells this cost, whatever the faults.</param>
/// <param name="Details">Further figures of the record: tokens, media, minutes.</param>
public sealed record TruthItem(
    string Provider, string Account, string NativeId, string Kind, string? Part, bool IsTransferLeg, string ClientId, string AgentId,
    IReadOnlyList<string> MappingKeys, string Quantity, string Unit, string? Cost, string OccurredAt, string FinalAt,
    IReadOnlyDictionary<string, string> Details);

/// <summary>A mapping that an operator would make; one from a handover on has <paramref name="ValidFrom"/>, one up to it <paramref name="ValidTo"/>.</summary>
public sealed record TruthMapping(string Id, string Provider, string Key, string ClientId, string AgentId, string? ValidFrom, string? ValidTo);

/// <summary>Something personal or secret that the vendors tell and no ledger may keep.</summary>
/// <param name="Kind"><c>number</c>, <c>name</c>, <c>transcript</c>, <c>body</c>, <c>prompt</c>, <c>token</c> or <c>secret</c>.</param>
public sealed record PlantedText(string Kind, string Value);
