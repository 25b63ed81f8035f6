// Employees and their pets: datastores that refer to each other, and a migration that adds a field.
import { datastore, DB, migration, t, worker } from 'nightshift';

/** By name. */
export const Employees = datastore('Employees', {
  name: t.String,
  pets: t.List(t.String), // keys of Pets
});

/** By the id of the event that brought them. */
export const Pets = datastore('Pets', { name: t.String, species: t.String });

export const hire = worker('hire', { event: t.Record({ name: t.String }) }, async ({ name }) => {
  await DB.set({ name, pets: [] }, name, Employees);
});

export const adopt = worker(
  'adopt',
  { event: t.Record({ employee: t.String, name: t.String, species: t.String }) },
  async ({ employee, name, species }, { id }) => {
    await DB.set({ name, species }, id, Pets); // a retry has the same id, so it is one pet
    await DB.update(employee, Employees, (record) => ({ ...record, pets: [...record.pets, id] }));
  },
);

/** The pets themselves: a reference is a key, and `DB.getMany` follows many at once. */
export const petsOf = worker('petsOf', async (employee: string) => {
  const found = await DB.get(employee, Employees);
  return found && DB.getMany(found.pets, Pets);
});

/** `Pets` holds data, so its schema is locked: the new one has a name of its own. */
export const PetsV2 = datastore('PetsV2', { ...Pets.fields, vaccinated: t.Bool });

/** Keys stay the same, so employees still refer to their pets. Fish are left out. */
export const addVaccinated = migration('pets-v2', Pets, PetsV2, (pet) =>
  pet.species === 'fish' ? undefined : { ...pet, vaccinated: false },
);

export const vaccinate = worker('vaccinate', async (pet: string) => {
  await DB.update(pet, PetsV2, (record) => ({ ...record, vaccinated: true }));
});
