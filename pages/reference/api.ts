/** What the compiler knows of the public components: their docstrings, arguments and outputs. */

import { join } from "node:path";
import ts from "typescript";
import { projectRoot } from "../../tools/paths.ts";

export interface Property {
  name: string;
  type: string;
  optional: boolean;
  doc: string;
}

export interface Component {
  /** As it is exported: `Release`. */
  name: string;
  doc: string;
  args: Property[];
  outputs: Property[];
}

/** The components that `components/index.ts` exports, in its order. */
export function publicComponents(): Component[] {
  const entry = join(projectRoot, "components/index.ts");
  const { config } = ts.readConfigFile(join(projectRoot, "tsconfig.json"), ts.sys.readFile);
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, projectRoot);
  const program = ts.createProgram([entry], options);
  const checker = program.getTypeChecker();
  const module = checker.getSymbolAtLocation(program.getSourceFile(entry) as ts.SourceFile) as ts.Symbol;
  return checker.getExportsOfModule(module).flatMap((exported) => {
    const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
    const declaration = symbol.valueDeclaration;
    return declaration && ts.isClassDeclaration(declaration) && isComponent(checker, symbol) ? [describe(checker, symbol)] : [];
  });
}

const isComponent = (checker: ts.TypeChecker, symbol: ts.Symbol): boolean =>
  checker.getDeclaredTypeOfSymbol(symbol).getProperty("registerOutputs") !== undefined;

function describe(checker: ts.TypeChecker, symbol: ts.Symbol): Component {
  const [construct] = checker.getTypeOfSymbol(symbol).getConstructSignatures();
  const args = construct?.parameters[1];
  const properties = (type: ts.Type) => type.getProperties().filter((property) => isOurs(property));
  return {
    name: symbol.name,
    doc: docOf(checker, symbol),
    args: args ? properties(checker.getTypeOfSymbol(args)).map((property) => propertyOf(checker, property)) : [],
    outputs: properties(checker.getDeclaredTypeOfSymbol(symbol))
      .filter(isOutput)
      .map((property) => propertyOf(checker, property)),
  };
}

const isOurs = (property: ts.Symbol): boolean =>
  (property.declarations ?? []).every((declaration) => !declaration.getSourceFile().fileName.includes("/node_modules/"));

function isOutput(property: ts.Symbol): boolean {
  const [declaration] = property.declarations ?? [];
  return (
    declaration !== undefined &&
    ts.isPropertyDeclaration(declaration) &&
    !(ts.getCombinedModifierFlags(declaration) & ts.ModifierFlags.Private)
  );
}

function propertyOf(checker: ts.TypeChecker, property: ts.Symbol): Property {
  const declaration = property.declarations?.[0] as ts.PropertySignature | ts.PropertyDeclaration;
  return {
    name: property.name,
    type: (declaration.type?.getText() ?? "").replaceAll(/\s+/g, " ").replace(/ \| undefined$/, ""),
    optional: (property.flags & ts.SymbolFlags.Optional) !== 0,
    doc: docOf(checker, property),
  };
}

const docOf = (checker: ts.TypeChecker, symbol: ts.Symbol): string =>
  ts.displayPartsToString(symbol.getDocumentationComment(checker)).replaceAll(/\{@link (\w+)\}/g, "`$1`");
