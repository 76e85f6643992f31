package ec2

import "github.com/lockstep-dr/lockstep/internal/awssim/core"

// settingsType keeps what a Region of an account is set to; id "ebs-encryption" has the property Enabled.
const settingsType = "sim::EC2::Setting"

func ebsEncryption(c *core.Call) (any, error) {
	r, ok := c.Get(settingsType, "ebs-encryption")
	return core.Out{"ebsEncryptionByDefault": ok && r.Properties["Enabled"] == true}, nil
}
