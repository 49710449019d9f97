// Package ext is empty: Traefik's own module of that name is a folder of its repository, which no module zip holds.
package ext

type (
	HTTP   struct{}
	Router struct{}
)
