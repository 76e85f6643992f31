package immutable

// Kind is one sort of thing that never changes. Its id is the ARN of the thing,
// with a version or revision that AWS assigns once and never again.
type Kind string

// The kinds. Whoever adds one answers the questions of its row in Kinds.
const (
	// TaskDefinition is what a task definition runs and how large its tasks are.
	TaskDefinition Kind = "ecs.TaskDefinition"
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

// Kinds lists all kinds with their reasons. Published Lambda versions are none:
// what matters of them is their environment too, which may hold secrets. Source:
// "Deregistering" and "Deleting an Amazon ECS task definition revision", ECS
// developer guide.
func Kinds() []Reason {
	return []Reason{
		{
			Kind: TaskDefinition, Keeps: "names of containers and images, units of CPU, the mode of the network",
			NeverChanges: "a revision cannot be changed, and its number is not used again, even when all revisions are deleted",
			StillThere:   "DescribeServices: a revision that a service uses stays usable to it",
		},
	}
}
