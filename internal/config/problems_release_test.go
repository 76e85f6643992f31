package config

func brokenTargets() []broken {
	return []broken{
		{
			name: "more alarms than CloudFormation takes, and watched for too long",
			old:  "infra/app.yaml", new: "infra/app.yaml\n      rollback-alarms: [a, b, c, d, e, f]\n      rollback-monitor: 4h\n      notification-arns: [stacks]",
			want: []string{
				`9:7: release[0].cloudformation has 6 rollback-alarms in us-east-1 (CloudFormation takes 5)`,
				`9:7: release[0].cloudformation has 6 rollback-alarms in us-west-2 (CloudFormation takes 5)`,
				`12:25: release[0].cloudformation.rollback-monitor is 4h (write whole minutes up to 3h)`,
				`13:27: release[0].cloudformation.notification-arns[0] must be the ARN of an SNS topic, not "stacks" (write "arn:aws:sns:us-west-2:111111111111:stacks")`,
			},
		},
		{
			name: "stack policies that say nothing",
			old:  "infra/app.yaml", new: "infra/app.yaml\n      stack-policy: '{\"Statement\": []}'\n      regions: {us-west-2: {stack-policy: ../policy.json}}",
			want: []string{
				`11:21: release[0].cloudformation.stack-policy has no Statement and would forbid every update (write it as {"Statement": [...]})`,
				`12:43: release[0].cloudformation.regions.us-west-2.stack-policy "../policy.json" leaves the working directory (write a path without .., such as infra/app.yaml)`,
			},
		},
		{
			name: "misspelled kind of target",
			old:  "- cloudformation:", new: "- cloudfromation:",
			want: []string{
				`8:5: unknown key "cloudfromation" in release[0] (did you mean "cloudformation"?)`,
			},
		},
		{
			name: "item without a kind",
			old:  "release:", new: "inventory: [{}]\nrelease:",
			want: []string{
				"7:13: inventory[0] is empty (begin it with one of terraform, tags, cloudformation)",
			},
		},
		{
			name: "item of two kinds",
			old:  "release:", new: "inventory: [{tags: {a: b}, cloudformation: {stack: net}}]\nrelease:",
			want: []string{
				"7:13: inventory[0] holds cloudformation and tags (make each an item of its own)",
			},
		},
		{
			name: "stack name with an underscore",
			old:  "stack: payments", new: "stack: payments_data",
			want: []string{
				`9:14: release[0].cloudformation.stack must be a stack name: a letter, then letters, digits and dashes, not "payments_data" (write payments-data)`,
			},
		},
		{
			name: "stack name that begins with a digit",
			old:  "stack: payments", new: "stack: 2payments",
			want: []string{
				`9:14: release[0].cloudformation.stack must be a stack name: a letter, then letters, digits and dashes, not "2payments" (write payments)`,
			},
		},
		{
			name: "stack names that miss a Region",
			old:  "stack: payments", new: "stack: {us-east-1: payments, us-west-1: payments-dr}",
			want: []string{
				"9:14: release[0].cloudformation.stack lacks us-west-2 (give every configured Region a value)",
				"9:36: release[0].cloudformation.stack names Region us-west-1, which is not under regions (configured: us-east-1, us-west-2)",
			},
		},
		{
			name: "template outside the working directory",
			old:  "infra/app.yaml", new: "infra/../../app.yaml",
			want: []string{
				`10:17: release[0].cloudformation.template "infra/../../app.yaml" leaves the working directory (write a path without .., such as infra/app.yaml)`,
			},
		},
		{
			name: "absolute template",
			old:  "infra/app.yaml", new: "/etc/app.yaml",
			want: []string{
				`10:17: release[0].cloudformation.template "/etc/app.yaml" is an absolute path and must stay inside the working directory (write the path from the working directory, such as infra/app.yaml)`,
			},
		},
		{
			name: "template by URL",
			old:  "infra/app.yaml", new: "s3://b/app.yaml",
			want: []string{
				`10:17: release[0].cloudformation.template "s3://b/app.yaml" is a URL (name a file of this repository, by its path from the working directory)`,
			},
		},
		{
			name: "template with backslashes",
			old:  "infra/app.yaml", new: `infra\app.yaml`,
			want: []string{
				`10:17: release[0].cloudformation.template "infra\\app.yaml" has a backslash (separate directories with /)`,
			},
		},
		{
			name: "template that is a directory",
			old:  "infra/app.yaml", new: "infra/",
			want: []string{
				`10:17: release[0].cloudformation.template "infra/" is a directory (name the file)`,
			},
		},
		{
			name: "misspelled capability",
			old:  "infra/app.yaml", new: "infra/app.yaml\n      capabilities: [CAPABILITY_NAMED_IAN]",
			want: []string{
				`11:22: release[0].cloudformation.capabilities[0] must be CAPABILITY_IAM, CAPABILITY_NAMED_IAM or CAPABILITY_AUTO_EXPAND, not "CAPABILITY_NAMED_IAN" (did you mean CAPABILITY_NAMED_IAM?)`,
			},
		},
		{
			name: "capability that is no list",
			old:  "infra/app.yaml", new: "infra/app.yaml\n      capabilities: CAPABILITY_IAM",
			want: []string{
				`11:21: release[0].cloudformation.capabilities must be a list, not "CAPABILITY_IAM" (write [CAPABILITY_NAMED_IAM])`,
			},
		},
		{
			name: "reserved tag",
			old:  "infra/app.yaml", new: "infra/app.yaml\n      tags: {\"aws:x\": y}",
			want: []string{
				`11:14: a name in release[0].cloudformation.tags "aws:x" begins with aws:, which AWS reserves (choose another name)`,
			},
		},
		{
			name: "parameters of every wrong kind",
			old:  "infra/app.yaml", new: "infra/app.yaml\n      parameters: {A: null, B-C: 1, D: {output: x}, E: [1, \"a,b\"], F: {outptu: a.B}}",
			want: []string{
				"11:20: release[0].cloudformation.parameters.A has no value (give it a value such as prod)",
				`11:29: a name in release[0].cloudformation.parameters must be the name of a template parameter: letters and digits, not "B-C" (use the name as the template spells it)`,
				`11:49: release[0].cloudformation.parameters.D.output must be the output of an earlier target, as Stack.Output, not "x" (write payments-data.TableArn)`,
				`11:60: release[0].cloudformation.parameters.E[1] must be a value without commas, not "a,b" (CloudFormation splits lists at commas and knows no escape)`,
				`11:72: unknown key "outptu" in release[0].cloudformation.parameters.F (did you mean "output"?)`,
			},
		},
		{
			name: "output of the own stack and of none",
			old:  "infra/app.yaml", new: "infra/app.yaml\n      parameters: {A: {output: payments.X}, B: {output: payment.X}}",
			want: []string{
				`11:32: release[0].cloudformation.parameters.A takes an output of its own stack, "payments.X" (only targets earlier in release have outputs by then)`,
				`11:57: release[0].cloudformation.parameters.B takes "payment.X", but release has no target "payment" (no target comes before this one)`,
			},
		},
		{
			name: "output of a later target",
			old:  "infra/app.yaml", new: "infra/app.yaml\n      parameters: {A: {output: later.X}}\n  - cloudformation: {stack: later, template: x.yaml}",
			want: []string{
				`11:32: release[0].cloudformation.parameters.A takes "later.X", an output of a later target (move later before payments in release)`,
			},
		},
		{
			name: "output of a misspelled target",
			old:  "infra/app.yaml", new: "infra/app.yaml\n  - cloudformation: {stack: web, template: x.yaml, parameters: {A: {output: paymets.X}}}",
			want: []string{
				`11:77: release[1].cloudformation.parameters.A takes "paymets.X", but release has no target "paymets" (did you mean payments?)`,
			},
		},
		{
			name: "one stack as two targets",
			old:  "infra/app.yaml", new: "infra/app.yaml\n  - cloudformation: {stack: payments, template: x.yaml}",
			want: []string{
				`11:5: stack "payments" in us-east-1 is already the target on line 8 (keep one; a stack is deployed once in a release)`,
			},
		},
		{
			name: "one stack as two targets in the standby only",
			old:  "infra/app.yaml", new: "infra/app.yaml\n  - cloudformation: {stack: {us-east-1: a, us-west-2: payments}, template: x.yaml}",
			want: []string{
				`11:5: stack "payments" in us-west-2 is already the target on line 8 (keep one; a stack is deployed once in a release)`,
			},
		},
		{
			name: "override for a Region that is not configured",
			old:  "infra/app.yaml", new: "infra/app.yaml\n      regions: {eu-west-1: {parameters: {A: 1}}}",
			want: []string{
				"11:17: release[0].cloudformation.regions names Region eu-west-1, which is not under regions (configured: us-east-1, us-west-2)",
			},
		},
		{
			name: "service role by name and bucket by URL",
			old:  "infra/app.yaml", new: "infra/app.yaml\n      service-role: admin\n      bucket: s3://x",
			want: []string{
				`11:21: release[0].cloudformation.service-role must be the ARN of an IAM role, not "admin" (write "arn:aws:iam::111111111111:role/cloudformation")`,
				`12:15: release[0].cloudformation.bucket must be the name of an S3 bucket, not "s3://x" (lower-case letters, digits, dots and dashes; no s3://)`,
			},
		},
	}
}
