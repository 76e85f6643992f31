package config

func targetKeys() []key {
	return []key{
		{
			name: "cloudformation", example: "{stack: payments, template: infra/app.yaml}", shape: shape{keys: stackKeys()},
			doc: "A CloudFormation stack.",
		},
		{
			name: "lambda", example: "{function: payments-api, alias: live, zip: dist/api}", shape: shape{keys: functionKeys()},
			doc: "The code of a Lambda function behind an alias. The function, its role and its settings are made elsewhere; callers use the alias, which moves only when the new version is active and warm, and moves back.",
		},
		{
			name: "ecs", example: "{cluster: main, service: payments-web, images: {web: 111111111111.dkr.ecr.us-east-1.amazonaws.com/web}}", shape: shape{keys: serviceKeys()},
			doc: "The images of an ECS service's containers. The service, its cluster and the rest of its task definition are made elsewhere and are kept as they are.",
		},
		{
			name: "s3", example: "{bucket: {us-east-1: site-use1, us-west-2: site-usw2}, dir: dist/site, prefix: web/}", shape: shape{keys: siteKeys()},
			doc: "Static files in a bucket of each Region. Every release lies under a prefix of its own, `<prefix>releases/<digest>/`, and the object `<prefix>current.json` says which one is current: `{\"prefix\": \"…\"}`. What serves the files reads it.",
		},
		{
			name: "terraform", example: "{dir: infra, workspace: {us-east-1: primary, us-west-2: standby}}", shape: shape{keys: workspaceKeys()},
			doc: "A Terraform configuration with a state for every Region. The plan of each Region is made, compared, and then exactly that plan is applied, by the machine's own Terraform.",
		},
		{
			name: "command", example: "{name: cdk, run: [npx, cdk, deploy], rollback: [./back.sh]}", shape: shape{keys: commandKeys()},
			doc: "A program, run once per Region with the Region's credentials, `AWS_REGION`, `LOCKSTEP_REGION`, `LOCKSTEP_ROLE`, `LOCKSTEP_APP`, `LOCKSTEP_RELEASE` and `LOCKSTEP_COMMIT`: for CDK, SAM, Helm and whatever else deploys.",
		},
	}
}

func stackKeys() []key {
	keys := []key{
		{
			name: "stack", required: true, example: "payments", shape: perRegion(stackNameFormat, "payments-dr"),
			doc: "Name of the stack, or a name for every Region where they differ. The name in the primary pairs the siblings and is what `{output: …}` refers to.",
		},
		{
			name: "template", required: true, example: "infra/app.yaml", shape: perRegion(templateFormat, "infra/app-dr.yaml"),
			doc: "Path of the template from the working directory, or one for every Region. One template for all Regions is what keeps them alike.",
		},
		{
			name: "bucket", example: "{us-east-1: cfn-use1, us-west-2: cfn-usw2}", shape: perRegion(bucketFormat, "cfn-usw2"),
			doc: "S3 bucket for templates above 51,200 bytes and for assets. Name one in every Region: a bucket in a lost Region stops the deploy of the other.",
		},
	}
	keys = append(keys, assetsKey(), recreateFailedKey(), repairKey(), importExistingKey())
	keys = append(keys, overridableKeys()...)
	return append(keys, key{
		name: "regions", example: `{us-west-2: {parameters: {Role: standby, DesiredCount: "1"}}}`,
		shape: shape{names: regionFormat, values: &shape{
			keys: overridableKeys(), example: "{parameters: {Role: standby}}",
			elsewhere: map[string]string{
				"stack":    "write it on the target: stack: {us-east-1: …, us-west-2: …}",
				"template": "write it on the target: template: {us-east-1: …, us-west-2: …}",
				"bucket":   "write it on the target: bucket: {us-east-1: …, us-west-2: …}",
			},
		}},
		doc: "What differs in a Region, and nothing else. Parameters and tags are merged by name; a list or a single value replaces.",
	})
}

func assetsKey() key {
	const example = "{path: functions/api, bucket-parameter: CodeBucket, key-parameter: ApiCodeKey}"
	return key{
		name: "assets", example: "[" + example + "]",
		shape: shape{list: &shape{example: example, keys: []key{
			{
				name: "path", required: true, example: "functions/api", shape: shape{scalar: assetFormat},
				doc: "File, uploaded as it is, or directory, uploaded as a zip, from the working directory.",
			},
			{
				name: "bucket-parameter", required: true, example: "CodeBucket", shape: shape{scalar: parameterFormat},
				doc: "Parameter of the template that receives the name of the Region's bucket.",
			},
			{
				name: "key-parameter", required: true, example: "ApiCodeKey", shape: shape{scalar: parameterFormat},
				doc: "Parameter of the template that receives the key of the object, which contains the hash of its bytes.",
			},
		}}},
		doc: "Local files the template takes from a bucket, such as the code of functions. They are packed once, so that every Region gets the same bytes, and uploaded to a bucket of each Region.",
	}
}

func recreateFailedKey() key {
	return key{
		name: "recreate-failed", example: "true", shape: shape{scalar: flagFormat}, def: "false",
		doc: "Whether a stack whose creation was rolled back (`ROLLBACK_COMPLETE`), which can only be deleted, is deleted and created again; as `--recreate-failed` does. One that is protected from deletion or still holds resources is refused.",
	}
}

func repairKey() key {
	return key{
		name: "repair", example: "true", shape: shape{scalar: flagFormat}, def: "false",
		doc: "Whether a stuck stack is first taken back to its last whole release: `UPDATE_ROLLBACK_FAILED` with ContinueUpdateRollback, `UPDATE_FAILED` with RollbackStack, once a deploy and before anything is planned. Nothing is skipped, forced or deleted.",
	}
}

func importExistingKey() key {
	return key{
		name: "import-existing", example: "true", shape: shape{scalar: flagFormat}, def: "false",
		doc: "Whether resources that exist already under the names that the template gives them are taken into the stack, instead of rejecting the change set. They need a `DeletionPolicy`.",
	}
}

// overridableKeys may stand on the stack and again under its regions.
func overridableKeys() []key {
	output := shape{keys: []key{{
		name: "output", required: true, example: "payments-data.TableArn", shape: shape{scalar: outputFormat},
		doc: "`Stack.Output` of a target earlier in `release`, read in the same Region.",
	}}}
	output.scalar = valueFormat
	output.list = &shape{scalar: itemFormat, example: "subnet-1"}
	output.example = "prod"
	return []key{
		{
			name: "parameters", example: "{Stage: prod, TableArn: {output: payments-data.TableArn}}",
			shape: shape{names: parameterFormat, values: &output},
			doc:   "Parameters of the template. Strings, numbers and booleans keep their spelling; a list is joined by commas; `{output: Stack.Output}` takes an output of an earlier target.",
		},
		{
			name: "tags", example: "{team: payments}",
			shape: shape{names: tagKeyFormat, values: &shape{scalar: tagValueFormat, example: "payments"}},
			doc:   "Tags of the stack, which CloudFormation hands down to its resources.",
		},
		{
			name: "capabilities", example: "[CAPABILITY_NAMED_IAM]",
			shape: shape{list: &shape{scalar: capabilityFormat, example: "CAPABILITY_NAMED_IAM"}},
			doc:   "What CloudFormation must be allowed explicitly.",
		},
		{
			name: "service-role", example: `"arn:aws:iam::111111111111:role/cloudformation"`, shape: shape{scalar: roleARNFormat},
			def: "the caller's own permissions",
			doc: "IAM role that CloudFormation acts with.",
		},
		{
			name: "notification-arns", example: `["arn:aws:sns:us-west-2:111111111111:stacks"]`,
			shape: shape{list: &shape{scalar: topicARNFormat, example: `"arn:aws:sns:us-west-2:111111111111:stacks"`}},
			def:   "as they are",
			doc:   "SNS topics for the stack's events, five at most. An empty list removes those of the stack.",
		},
		{
			name: "rollback-alarms", example: "[payments-errors]",
			shape: shape{list: &shape{scalar: alarmFormat, example: "payments-errors"}},
			def:   "as they are",
			doc:   "Names of CloudWatch alarms of the Region that let CloudFormation take a running update back, five at most. The stack keeps them: a later update by anybody fails when one of them no longer exists. An empty list removes them. They are set with the next change of the stack.",
		},
		{
			name: "rollback-monitor", example: "5m", shape: shape{scalar: durationFormat}, def: "none",
			doc: "How long `rollback-alarms` are watched after everything was updated, before the update is final: whole minutes, three hours at most.",
		},
		{
			name: "stack-policy", example: "infra/stack-policy.json", shape: shape{scalar: policyFormat},
			def: "as it is",
			doc: "Stack policy, which says what an update may do to which resource: the path of a JSON file, or the JSON itself. It is set when the stack has settled, so that the policy the stack had judges the release that changes it. CloudFormation cannot take a policy off a stack again, only replace it.",
		},
	}
}
