package config

import "regexp"

func functionKeys() []key {
	return []key{
		{
			name: "function", required: true, example: "payments-api", shape: perRegion(functionNameFormat, "payments-api-dr"),
			doc: "Name of the function, or a name for every Region where they differ.",
		},
		{
			name: "alias", required: true, example: "live", shape: shape{scalar: aliasFormat},
			doc: "Alias that callers use. It is made if it does not exist.",
		},
		{
			name: "zip", example: "dist/api", shape: shape{scalar: assetFormat},
			doc: "Package: a file, taken as it is, or a directory, packed once for all Regions. Either this or `image`.",
		},
		{
			name: "image", example: "{us-east-1: 111111111111.dkr.ecr.us-east-1.amazonaws.com/api, us-west-2: 111111111111.dkr.ecr.us-west-2.amazonaws.com/api}",
			shape: perRegion(imageFormat, "111111111111.dkr.ecr.us-west-2.amazonaws.com/api"),
			doc:   "Image of the Region's own registry, by digest (`repository@sha256:…`), or the repository alone when every deploy names the digest: `--image payments-api=sha256:…`.",
		},
		{
			name: "provisioned", example: "5", shape: shape{scalar: countFormat},
			doc: "Provisioned concurrency of the version that serves. It is ready before the alias moves, and the version that was left gives its own back once the release is recorded.",
		},
		{
			name: "bucket", example: "{us-east-1: code-use1, us-west-2: code-usw2}", shape: perRegion(bucketFormat, "code-usw2"),
			doc: "S3 bucket of each Region for packages above 30 MB. Default: one that Lockstep makes.",
		},
	}
}

func serviceKeys() []key {
	return []key{
		{
			name: "cluster", required: true, example: "main", shape: perRegion(clusterFormat, "main-dr"),
			doc: "Name of the cluster, or a name for every Region where they differ.",
		},
		{
			name: "service", required: true, example: "payments-web", shape: perRegion(clusterFormat, "payments-web-dr"),
			doc: "Name of the service, or a name for every Region where they differ.",
		},
		{
			name: "images", required: true, example: "{web: {us-east-1: 111111111111.dkr.ecr.us-east-1.amazonaws.com/web, us-west-2: 111111111111.dkr.ecr.us-west-2.amazonaws.com/web}}",
			shape: shape{least: 1, names: containerFormat, values: func() *shape {
				s := perRegion(imageFormat, "registry.example.com/web")
				s.example = "registry.example.com/web"
				return &s
			}()},
			doc: "Image of each container that the release changes, by digest, or the repository alone when every deploy names the digest: `--image payments-web/web=sha256:…`.",
		},
	}
}

func siteKeys() []key {
	return []key{
		{
			name: "bucket", required: true, example: "{us-east-1: site-use1, us-west-2: site-usw2}", shape: perRegion(bucketFormat, "site-usw2"),
			doc: "Bucket of each Region. It must lie there; a stack earlier in the release may make it.",
		},
		{
			name: "dir", required: true, example: "dist/site", shape: shape{scalar: assetFormat},
			doc: "Directory of the files, read once for all Regions. It may hold files and directories, and no links.",
		},
		{
			name: "prefix", example: "web/", shape: shape{scalar: prefixFormat}, def: "none",
			doc: "What the keys of all objects begin with.",
		},
	}
}

func workspaceKeys() []key {
	files := shape{list: &shape{scalar: templateFormat, example: "prod.tfvars"}, names: regionFormat, example: "[prod.tfvars]"}
	files.values = &shape{list: &shape{scalar: templateFormat, example: "usw2.tfvars"}, example: "[usw2.tfvars]"}
	return []key{
		{
			name: "dir", required: true, example: "infra", shape: perRegion(assetFormat, "infra/usw2"),
			doc: "Directory of the configuration, or one for every Region.",
		},
		{
			name: "workspace", example: "{us-east-1: primary, us-west-2: standby}", shape: perRegion(clusterFormat, "standby"),
			doc: "Workspace of every Region. Two Regions never share directory and workspace: they would share a state.",
		},
		{
			name: "var-files", example: "{us-east-1: [use1.tfvars], us-west-2: [usw2.tfvars]}", shape: files,
			doc: "Files of variables, from the directory, or those of each Region.",
		},
		{
			name: "env", example: "{TF_VAR_stage: prod}",
			shape: shape{names: variableFormat, values: &shape{scalar: valueFormat, example: "prod"}},
			doc:   "Further variables of the environment.",
		},
		{
			name: "program", example: "tofu", shape: shape{scalar: wordFormat}, def: "terraform",
			doc: "The Terraform to run, by name or path.",
		},
		{
			name: "rollback", example: "[./reapply-previous.sh]", shape: shape{least: 1, list: &shape{scalar: wordFormat, example: "./reapply-previous.sh"}},
			doc: "What brings the Region back after its plan was applied, run in the directory. Terraform itself has no way back: without it, a failure elsewhere leaves this Region on the new release, and the outcome is `quarantined`.",
		},
	}
}

func commandKeys() []key {
	words := func(example string) shape {
		return shape{least: 1, list: &shape{scalar: wordFormat, example: example}}
	}
	return []key{
		{
			name: "name", required: true, example: "cdk", shape: shape{scalar: appFormat},
			doc: "Name of the target, unique among the commands of the release.",
		},
		{
			name: "run", required: true, example: "[npx, cdk, deploy, --all]", shape: words("npx"),
			doc: "Program and arguments that deploy to one Region. Exit code 0 is success; any other means that the Region is neither old nor new, and `rollback` is run. It is no line for a shell.",
		},
		{
			name: "dry-run", example: "[npx, cdk, diff]", shape: words("npx"),
			doc: "What shows the change without making it. Any exit code but 0 rejects the deploy before anything is touched.",
		},
		{
			name: "verify", example: "[./smoke.sh]", shape: words("./smoke.sh"),
			doc: "What confirms that the Region is on the release, after all Regions were executed.",
		},
		{
			name: "rollback", example: "[./back.sh]", shape: words("./back.sh"),
			doc: "What brings the Region back to what it had. It may run although `run` did not, and more than once. Without it a failure elsewhere leaves this Region on the new release, and the outcome is `quarantined`: the plan calls such a target irreversible.",
		},
		{
			name: "dir", example: "infra", shape: shape{scalar: assetFormat}, def: "the working directory",
			doc: "Directory to run in, from the working directory.",
		},
		{
			name: "env", example: "{STAGE: prod}",
			shape: shape{names: variableFormat, values: &shape{scalar: valueFormat, example: "prod"}},
			doc:   "Further variables of the environment.",
		},
		{
			name: "regions", example: "{us-west-2: {env: {ROLE: standby}}}",
			shape: shape{names: regionFormat, values: &shape{example: "{env: {ROLE: standby}}", keys: []key{{
				name: "env", example: "{ROLE: standby}",
				shape: shape{names: variableFormat, values: &shape{scalar: valueFormat, example: "standby"}},
				doc:   "Variables of this Region, merged by name.",
			}}}},
			doc: "What differs in a Region.",
		},
	}
}

// Formats of targets. Sources of the patterns: the Lambda and ECR API references.
var (
	functionNameFormat = &format{
		name: "function", noun: "the name of a function: letters, digits, dashes and underscores", kinds: onlyString,
		pattern: regexp.MustCompile(`^[A-Za-z0-9_-]+$`), maxLength: 64,
	}
	aliasFormat = &format{
		name: "alias", noun: "the name of an alias: letters, digits, dashes and underscores, not a number", kinds: onlyString,
		pattern: regexp.MustCompile(`^[0-9]*[A-Za-z_-][A-Za-z0-9_-]*$`), maxLength: 128,
	}
	imageFormat = &format{
		name: "image", noun: "a repository, with or without @sha256: and a digest", kinds: onlyString, maxLength: 1024,
		pattern: regexp.MustCompile(`^[a-z0-9][a-z0-9./_-]*(@sha256:[0-9a-f]{64})?$`),
		hint:    func(string) string { return "leave the tag out: it may mean another image in every Region" },
	}
	clusterFormat = &format{
		name: "name", noun: "letters, digits, dashes and underscores", kinds: onlyString, pattern: regexp.MustCompile(`^[A-Za-z0-9_-]+$`), maxLength: 255,
	}
	containerFormat = &format{
		name: "container", noun: "the name of a container: letters, digits, dashes and underscores", kinds: onlyString,
		pattern: regexp.MustCompile(`^[A-Za-z0-9_-]+$`), maxLength: 255,
	}
	prefixFormat = &format{
		name: "prefix", noun: "a prefix of keys that ends with a slash and begins without one", kinds: onlyString, maxLength: 500,
		pattern: regexp.MustCompile(`^([A-Za-z0-9._-]+/)+$`),
	}
	countFormat = &format{
		name: "number", noun: "a number above zero", kinds: onlyInteger, verify: verifyCount,
	}
	variableFormat = &format{
		name: "variable", noun: "the name of a variable", kinds: onlyString, pattern: regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`), maxLength: 200,
	}
)
