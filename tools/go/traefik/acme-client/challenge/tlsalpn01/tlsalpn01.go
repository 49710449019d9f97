package tlsalpn01

import (
	"errors"
	"time"
)

// ACMETLS1Protocol is the registered name of the protocol (RFC 8737).
const ACMETLS1Protocol = "acme-tls/1"

type Option struct{}

func SetDelay(time.Duration) Option { return Option{} }

func ChallengeBlocks(domain, keyAuth string) ([]byte, []byte, error) {
	return nil, nil, errors.ErrUnsupported
}
