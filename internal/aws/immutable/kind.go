package immutable

// Kind is one sort of thing that never changes. Its id is the ARN of the thing,
// with a version or revision that AWS assigns once and never again.
type Kind string

// The kinds. Whoever adds one answers the questions of its row in Kinds.
const (
	// FunctionVersionCode is the digest of the code of a published Lambda version.
	FunctionVersionCode Kind = "lambda.FunctionVersion.CodeSha256"
	// TaskDefinitionImages are the images that a task definition names, by container.
	TaskDefinitionImages Kind = "ecs.TaskDefinition.Images"
)

// Reason is why a kind may be remembered.
type Reason struct {
	Kind Kind
	// Keeps is what is kept, which can hold no secret.
	Keeps string
	// NeverChanges says why an id always stands for the same.
	NeverChanges string
	// StillThere says which call of the same run shows that it exists.
	StillThere string
}

// Kinds lists all kinds with their reasons. Sources: "Manage Lambda function
// versions", Lambda developer guide; "Deregistering" and "Deleting an Amazon ECS
// task definition revision", ECS developer guide.
func Kinds() []Reason {
	return []Reason{
		{
			Kind: FunctionVersionCode, Keeps: "the SHA-256 that Lambda reports",
			NeverChanges: "the code of a version cannot be changed, and its number is not used again, even when the function is deleted and made anew",
			StillThere:   "GetAlias: a version that an alias names cannot be deleted",
		},
		{
			Kind: TaskDefinitionImages, Keeps: "names of containers and images",
			NeverChanges: "a revision cannot be changed, and its number is not used again, even when all revisions are deleted",
			StillThere:   "DescribeServices: a revision that a service uses stays usable to it",
		},
	}
}
