namespace UsageLedger.Simulators.OpenRouter;

/// <summary>A model and the endpoint that serves it; prices in dollars a token.</summary>
public sealed record SimModel(
    string Id, string Permaslug, string ProviderName, string EndpointId, decimal PromptPrice, decimal CachedPrice, decimal CompletionPrice)
{
    public static IReadOnlyList<SimModel> All { get; } =
    [
        new("openai/gpt-4.1", "openai/gpt-4.1-2025-04-14", "OpenAI", "550e8400-e29b-41d4-a716-446655440000", 0.000002m, 0.0000005m, 0.000008m),
        new("openai/gpt-4.1-mini", "openai/gpt-4.1-mini-2025-04-14", "Azure", "0b1c6f2e-75d8-4a55-9f0e-3a1f6a7b2c11", 0.0000004m, 0.0000001m, 0.0000016m),
        new("anthropic/claude-haiku-4.5", "anthropic/claude-4.5-haiku-20251001", "Amazon Bedrock", "d000261c-5aeb-47d1-ac87-ad64dbe1cdb6", 0.000001m, 0.0000001m, 0.000005m),
        new("anthropic/claude-haiku-4.5", "anthropic/claude-4.5-haiku-20251001", "Anthropic", "7a4f1f3c-2f53-4d3c-8a75-6e7a1f7f9d02", 0.000001m, 0.0000001m, 0.000005m),
        new("meta-llama/llama-3.3-70b-instruct", "meta-llama/llama-3.3-70b-instruct", "Groq", "3c9e6679-7425-40de-944b-e07fc1f90ae7", 0.00000013m, 0.00000013m, 0.00000038m),
    ];
}
